import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { dashboardsOf } from '../../dashboards/index.ts';
import { queriesOf } from '../../dashboards/panels/panel-queries.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { startFault } from '../../ops/app/faults.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { readLogin } from '../../ops/cluster/secret.ts';
import { table } from '../../ops/process/output.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { pushGauge, pushLogs } from '../../ops/stores/collector.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { ask } from './ask.ts';
import { eventually, session, withUrls } from './cluster.ts';

const { target } = session;
const dashboards = dashboardsOf(session.settings);
const login = readLogin(target);

// The service map has no text of its own: Grafana asks for the edges that shop.e2e.ts sees.
const queries = dashboards
  .flatMap(queriesOf)
  .filter(({ text }) => text !== '')
  .map((asked) => ({ ...asked, where: `${asked.dashboard} / ${asked.panel} / ${asked.refId}` }));

const measured: { where: string; dashboard: string; found: number; ms: number }[] = [];

/** A little of everything that a panel shows: orders, declined cards, errors of each type. */
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

/** What a young local cluster rightly has no data for, made here so that its panels show it. */
beforeAll(() =>
  withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    // "Errors now and before": an hour ago there was no stack yet.
    await pushLogs(otlpHttp, {
      service: 'e2e-before',
      severity: 'ERROR',
      text: 'an error of long ago',
      time: new Date(Date.now() - 75 * 60_000),
    });
    // "Volumes": of the node's directories, which kind takes for volumes, the kubelet says nothing.
    const volume = { persistentvolumeclaim: 'e2e', namespace: session.settings.namespace };
    const { volumeUsed, volumeCapacity } = stackMetrics;
    for (const [name, value] of [
      [volumeUsed, 1e9],
      [volumeCapacity, 4e9],
    ] as const) {
      await pushGauge(otlpHttp, { service: 'e2e-kubelet', name, value, attributes: volume });
    }
  }),
);

test.each(queries)('$where is not empty', ({ where, ...asked }) =>
  withUrls(['grafana'], ({ grafana: url }) =>
    eventually('data', async () => {
      const start = performance.now();
      const found = await ask({ url, login: await login }, asked);
      if (found === 0) throw new NotYet('nothing');
      measured.push({ where, dashboard: asked.dashboard, found, ms: performance.now() - start });
    }),
  ),
);

const annotations = new Map(
  dashboards
    .flatMap(({ annotations }) => annotations?.list ?? [])
    .map(({ name, expr }) => [name, expr ?? '']),
);

const alerting = (value: 0 | 1) =>
  withUrls(['otlpHttp'], ({ otlpHttp }) =>
    pushGauge(otlpHttp, {
      service: 'e2e-alert',
      name: testAlertMetric.name,
      value,
      attributes: { [testAlertSeverity]: 'info' },
    }),
  );
afterAll(() => alerting(0));

/** What has to happen for each kind of annotation. */
const events: Readonly<Record<string, () => Promise<unknown>>> = {
  Started: () => kubectl(target, ['rollout', 'restart', 'deployment/inventory']),
  Fault: () => startFault(session, 'latency', { for: '1m', role: 'payments', options: ['ms=1'] }),
  Alert: () => alerting(1),
};

test('every kind of annotation is known here', () => {
  expect([...annotations.keys()].sort()).toEqual(Object.keys(events).sort());
});

test.each([...annotations])('the annotation %s says what happened', async (name, text) => {
  await events[name]?.();
  const asked = {
    ...{ dashboard: '', panel: name, refId: 'A', text },
    ...{ datasource: 'prometheus' as const, instant: false, metrics: false },
  };
  await withUrls(['grafana'], ({ grafana: url }) =>
    eventually('the annotation', async () => {
      if ((await ask({ url, login: await login }, asked)) === 0) throw new NotYet('none');
    }),
  );
});

const valuesSchema = z.object({ data: z.array(z.string()) });
const variables = dashboards.flatMap(({ title, templating }) =>
  (templating?.list ?? []).flatMap(({ type, name, definition }) =>
    type === 'query' ? [{ where: `${title} / ${name}`, definition: definition ?? '' }] : [],
  ),
);

test.each(variables)('$where has values to choose from', ({ definition }) =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
    const match = selector.replaceAll(/\$\w+/g, '.*');
    const path = `/api/v1/label/${label}/values`;
    await eventually('values', async () => {
      const query = { 'match[]': match };
      const { data } = await fetchJson(prometheus, path, valuesSchema, { query });
      if (data.length === 0) throw new NotYet(match);
    });
  }),
);

afterAll(() => {
  const rows = measured.map(({ where, found, ms }) => [where, String(found), ms.toFixed(0)]);
  process.stdout.write(`${table([['PANEL', 'SERIES', 'MS'], ...rows])}\n`);
  const times = measured.map(({ ms }) => ms).sort((a, b) => a - b);
  const p95 = times[Math.floor(0.95 * times.length)] ?? 0;
  const totals = dashboards.map(({ title = '' }) => {
    const own = measured.filter(({ dashboard }) => dashboard === title);
    return `${title} ${own.reduce((sum, { ms }) => sum + ms, 0).toFixed(0)} ms`;
  });
  process.stdout.write(`\n  P95 of a query ${p95.toFixed(0)} ms; ${totals.join(', ')}\n`);
});
