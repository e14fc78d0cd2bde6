import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { dashboardsOf } from '../../dashboards/index.ts';
import { queriesOf } from '../../dashboards/panels/panel-queries.ts';
import { annotatedPodsJob } from '../../lib/model/topology.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { formatTable } from '../../ops/process/output.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { pushGauge } from '../../ops/stores/collector.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { startFault } from '../../ops/test-app/faults.ts';
import { pushLogs } from '../push-logs.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { countResults } from './panel-query.ts';

const { target } = session;
const dashboards = dashboardsOf(session.settings);
const login = readAdminLogin(target);

// The service map has no query text; shop.e2e.ts tests its edges.
const queries = dashboards
  .flatMap(queriesOf)
  .filter(({ text }) => text !== '')
  .map((query) => ({ ...query, where: `${query.dashboard} / ${query.panel} / ${query.refId}` }));

const measured: { where: string; dashboard: string; found: number; ms: number }[] = [];

/** Orders, declined cards and errors of each type, so that every panel has data. */
beforeAll(
  () =>
    withUrls(['shop'], async ({ shop }) => {
      const order = (product: string, quantity: number, card = '4242424242424242') => ({
        method: 'POST' as const,
        body: { userId: '1', items: [{ product, quantity }], card },
      });
      for (const type of ['database', 'timeout', 'upstream', 'unhandled']) {
        await sendTracked(shop, `/api/error?type=${type}`);
      }
      await sendTracked(shop, '/api/slow?ms=700');
      await sendTracked(shop, '/api/orders', order('coffee', 2));
      await sendTracked(shop, '/api/orders', order('tea', 1, '4000000000000002'));
      await sendTracked(shop, '/api/products/coffee');
    }),
  60_000,
);

/** Data that a new local cluster does not have, for the panels that show it. */
beforeAll(() =>
  withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    // "Errors now and before" needs errors of an hour ago.
    await pushLogs(otlpHttp, {
      service: 'e2e-before',
      severity: 'ERROR',
      text: 'an error of long ago',
      time: new Date(Date.now() - 75 * 60_000),
    });
    // "Volumes": the kubelet does not report the volumes of kind.
    const volume = { persistentvolumeclaim: 'e2e', namespace: session.settings.namespace };
    const { volumeUsed, volumeCapacity } = stackMetrics;
    for (const [name, value] of [
      [volumeUsed, 1e9],
      [volumeCapacity, 4e9],
    ] as const) {
      await pushGauge(otlpHttp, { service: 'e2e-kubelet', name, value, attributes: volume });
    }
    // "Pages of annotated pods": the service is the label job, which is that of the scrape job.
    const page = { [attributes.k8sNamespaceName]: 'default', [attributes.k8sPodName]: 'e2e-page' };
    const samples = { service: annotatedPodsJob, name: stackMetrics.scrapedSamples, value: 100 };
    await pushGauge(otlpHttp, { ...samples, attributes: page });
  }),
);

test.each(queries)('$where is not empty', ({ where, ...query }) =>
  withUrls(['grafana'], ({ grafana: url }) =>
    eventually('data', async () => {
      const start = performance.now();
      const found = await countResults({ url, login: await login }, query);
      if (found === 0) throw new RetryLater('nothing');
      measured.push({ where, dashboard: query.dashboard, found, ms: performance.now() - start });
    }),
  ),
);

const annotations = new Map(
  dashboards
    .flatMap(({ annotations }) => annotations?.list ?? [])
    .map(({ name, expr }) => [name, expr ?? '']),
);

const setTestAlert = (value: 0 | 1) =>
  withUrls(['otlpHttp'], ({ otlpHttp }) =>
    pushGauge(otlpHttp, {
      service: 'e2e-alert',
      name: testAlertMetric.name,
      value,
      attributes: { [testAlertSeverity]: 'info' },
    }),
  );
afterAll(() => setTestAlert(0));

/** Causes an annotation of each kind. */
const events: Readonly<Record<string, () => Promise<unknown>>> = {
  Started: () => kubectl(target, ['rollout', 'restart', 'deployment/inventory']),
  Fault: () => startFault(session, 'latency', { for: '1m', role: 'payments', options: ['ms=1'] }),
  Alert: () => setTestAlert(1),
};

test('every annotation of the dashboards is tested', () => {
  expect([...annotations.keys()].sort()).toEqual(Object.keys(events).sort());
});

test.each([...annotations])('the annotation %s appears', async (name, text) => {
  await events[name]?.();
  const query = {
    ...{ dashboard: '', panel: name, refId: 'A', text },
    ...{ datasource: 'prometheus' as const, instant: false, metrics: false, interval: 15 },
  };
  await withUrls(['grafana'], ({ grafana: url }) =>
    eventually('the annotation', async () => {
      if ((await countResults({ url, login: await login }, query)) === 0)
        throw new RetryLater('none');
    }),
  );
});

const valuesSchema = z.object({ data: z.array(z.string()) });
const variables = dashboards.flatMap(({ title, templating }) =>
  (templating?.list ?? []).flatMap(({ type, name, definition }) =>
    type === 'query' ? [{ where: `${title} / ${name}`, definition: definition ?? '' }] : [],
  ),
);

test.each(variables)('the variable $where has values', ({ definition }) =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
    const match = selector.replaceAll(/\$\w+/g, '.*');
    const path = `/api/v1/label/${label}/values`;
    await eventually('values', async () => {
      const query = { 'match[]': match };
      const { data } = await fetchJson(prometheus, path, valuesSchema, { query });
      if (data.length === 0) throw new RetryLater(match);
    });
  }),
);

afterAll(() => {
  const rows = measured.map(({ where, found, ms }) => [where, String(found), ms.toFixed(0)]);
  process.stdout.write(`${formatTable([['PANEL', 'SERIES', 'MS'], ...rows])}\n`);
  const times = measured.map(({ ms }) => ms).sort((a, b) => a - b);
  const p95 = times[Math.floor(0.95 * times.length)] ?? 0;
  const totals = dashboards.map(({ title = '' }) => {
    const own = measured.filter(({ dashboard }) => dashboard === title);
    return `${title} ${own.reduce((sum, { ms }) => sum + ms, 0).toFixed(0)} ms`;
  });
  process.stdout.write(`\n  P95 of a query ${p95.toFixed(0)} ms; ${totals.join(', ')}\n`);
});
