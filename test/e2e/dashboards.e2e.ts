import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { countResults } from '../../bench/dashboards/panel-query.ts';
import { dashboardsOf } from '../../dashboards/index.ts';
import { queriesOf } from '../../dashboards/panels/panel-queries.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { formatTable } from '../../ops/process/output.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { startFault } from '../../ops/test-app/faults.ts';
import { pushGauge } from '../push-gauge.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { sendPanelData } from './panel-data.ts';

const { target } = session;
const dashboards = dashboardsOf(session.settings);
const login = readAdminLogin(target);

// The service map has no query text; shop.e2e.ts tests its edges.
const queries = dashboards
  .flatMap(queriesOf)
  .filter(({ text }) => text !== '')
  .map((query) => ({ ...query, where: `${query.dashboard} / ${query.panel} / ${query.refId}` }));

const measured: { where: string; dashboard: string; found: number; ms: number }[] = [];

beforeAll(async () => {
  // A healthy system has no firing alert to list.
  await setTestAlert(1);
  await sendPanelData();
}, 60_000);

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
