import { appMetrics, attributes, shopAttributes } from '../../lib/telemetry/app.ts';
import { healthPath } from '../../lib/telemetry/app-paths.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { serviceGraph } from '../../lib/telemetry/span-metrics.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces, traceById } from '../../ops/stores/tempo.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { clearFaults, startFault } from '../../ops/test-app/faults.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { loadShop } from './shop-load.ts';

const { target } = session;
const order = { userId: '1', items: [{ product: 'grinder', quantity: 1 }] };

afterAll(() => clearFaults(session));

test.each([
  ['shop', 'orders'],
  ['shop', 'inventory'],
  ['inventory', 'orders'],
  ['orders', 'payments'],
  ['orders', 'shop.db'],
  ['payments', 'payment-provider'],
])('the service graph has the edge from %s to %s', (from, to) =>
  withUrls(['shop', 'prometheus'], async ({ shop, prometheus }) => {
    const { requests, client, server } = serviceGraph;
    await eventually('the edge', async () => {
      await sendTracked(shop, '/api/orders', { method: 'POST', body: order });
      await sendTracked(shop, '/api/chain');
      const query = `${requests}{${client}="${from}",${server}="${to}"} > 0`;
      if ((await queryPrometheus(prometheus, query)).length === 0) throw new RetryLater('no edge');
    });
  }),
);

test.each(Object.values(appMetrics))('$name is in Prometheus', (metric) =>
  withUrls(['prometheus'], ({ prometheus }) =>
    eventually('a series', async () => {
      const name = prometheusName(metric) + (metric.type === 'histogram' ? '_count' : '');
      if ((await queryPrometheus(prometheus, name)).length === 0) throw new RetryLater('none');
    }),
  ),
);

test('the fulfilment of an order is a trace of its own, linked to the order', () =>
  withUrls(['shop', 'tempo'], async ({ shop, tempo }) => {
    const sent = await sendTracked(shop, '/api/orders', { method: 'POST', body: order });
    expect(sent.status).toBe(201);
    const query = `{ name = "process fulfilments" && link:traceID = "${sent.traceId}" }`;
    await eventually('the linked trace', async () => {
      const range = { start: sent.sentAt - 60, end: nowSeconds() + 60 };
      if ((await searchTraces(tempo, query, range)).length !== 1) throw new RetryLater('none');
    });
  }));

test('a line of each severity, from debug to fatal, is stored with its level', () =>
  withUrls(['shop', 'loki'], async ({ shop, loki }) => {
    const sent = await sendTracked(shop, '/api/log-levels');
    const query = `{${label(attributes.serviceName)}="shop"} | ${logFields.traceId}="${sent.traceId}"`;
    await eventually('the lines', async () => {
      const lines = await queryLoki(loki, `${query} |= "of severity"`, sent.sentAt - 60);
      const levels = lines.map(({ fields }) => fields[logFields.detectedLevel]).sort();
      if (levels.length < 5) throw new RetryLater(`${levels.length} lines`);
      expect(levels).toEqual(['debug', 'error', 'fatal', 'info', 'warn']);
    });
  }));

test('requests of /health are counted, and are no traces', () =>
  withUrls(['shop', 'tempo'], async ({ shop, tempo }) => {
    const sent = await sendTracked(shop, healthPath);
    const other = await sendTracked(shop, '/api/chain');
    expect([sent.status, other.status]).toEqual([200, 200]);
    await eventually('the trace of the later request', async () => {
      if ((await traceById(tempo, other.traceId)).length === 0) throw new RetryLater('none');
    });
    expect(await traceById(tempo, sent.traceId)).toEqual([]);
  }));

test('a fault changes responses and metrics until it is cleared', () =>
  withUrls(['shop', 'prometheus'], async ({ shop, prometheus }) => {
    const options = ['rate=1', 'type=database', 'route=/api/chain'];
    await startFault(session, 'error-rate', { for: '60s', options });
    expect((await sendTracked(shop, '/api/chain')).status).toBe(500);
    expect((await sendTracked(shop, '/api/orders')).status).toBe(200);
    const [errors, active] = [appMetrics.errors, appMetrics.faultActive].map(prometheusName);
    const type = `${label(attributes.errorType)}="DatabaseError"`;
    const fault = `${label(shopAttributes.fault)}="error-rate"`;
    await eventually('the error and the fault in Prometheus', async () => {
      const counted = await queryPrometheus(prometheus, `${errors}{${type}} > 0`);
      const shown = await queryPrometheus(prometheus, `${active}{${fault}} == 1`);
      if (counted.length === 0 || shown.length === 0) throw new RetryLater('not both');
    });
    await clearFaults(session);
    expect((await sendTracked(shop, '/api/chain')).status).toBe(200);
  }));

test('a rollout of every stateless service fails no request', async () => {
  const load = loadShop('/api/chain', 20, 45);
  await kubectl(target, [
    'rollout',
    'restart',
    'deployment/shop',
    'deployment/inventory',
    'deployment/payments',
  ]);
  await waitForRollout(target, { timeoutSeconds: 120 });
  expect((await load).statuses).toEqual({ 200: 900 });
});

test('without its collector the shop serves requests as fast as with it', async () => {
  const before = await loadShop('/api/chain', 20, 10);
  await kubectl(target, ['scale', '--replicas=0', 'statefulset/otel-collector']);
  try {
    await kubectl(target, ['wait', '--for=delete', 'pod/otel-collector-0', '--timeout=60s']);
    const without = await loadShop('/api/chain', 20, 20);
    console.info('with and without a collector', { before, without });
    expect(without.statuses).toEqual({ 200: 400 });
    // An export times out after ten seconds, and no request may wait for it.
    expect(without.p99).toBeLessThan(before.p99 + 500);
  } finally {
    await kubectl(target, ['scale', '--replicas=1', 'statefulset/otel-collector']);
    await waitForRollout(target, { timeoutSeconds: 120 });
  }
});
