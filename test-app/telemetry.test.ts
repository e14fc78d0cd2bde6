import { createServer } from 'node:http';
import { appMetrics, attributes, httpMetrics } from '../lib/telemetry.ts';
import { closeServers, type LogLine, listen } from './testing/in-process.ts';
import { type OtlpReceiver, otlpReceiver } from './testing/otlp-receiver.ts';
import { type AppProcess, killApps, runToEnd, startApp } from './testing/processes.ts';

afterAll(closeServers);
afterAll(killApps);

const SERVER = 2;
const CLIENT = 3;
const hour = '3600000';

/** Nothing is sent on time, so all that arrives was flushed by the shutdown. */
function exportTo(endpoint: string, service: string) {
  return {
    OTEL_SERVICE_NAME: service,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: hour,
    OTEL_BSP_SCHEDULE_DELAY: hour,
    OTEL_BLRP_SCHEDULE_DELAY: hour,
  };
}

async function startBoth(endpoint: string): Promise<{ shop: AppProcess; orders: AppProcess }> {
  const orders = await startApp({ ROLE: 'orders', ...exportTo(endpoint, 'orders') });
  const env = { ROLE: 'shop', ORDERS_URL: orders.url, ...exportTo(endpoint, 'shop') };
  return { orders, shop: await startApp(env) };
}

describe('two services that were used and then stopped', () => {
  let received: OtlpReceiver;
  let page: string;
  let lines: { shop: LogLine[]; orders: LogLine[] };
  let exitCodes: (number | null)[];

  beforeAll(async () => {
    received = otlpReceiver();
    const { shop, orders } = await startBoth(await listen(received.server.listen(0)));
    page = await (await fetch(shop.url)).text();
    for (const { url } of [shop, orders]) await fetch(`${url}/health`);
    await fetch(`${shop.url}/api/users/2`);
    const order = { userId: '1', items: [{ product: 'coffee', quantity: 2 }] };
    await fetch(`${shop.url}/api/orders`, { method: 'POST', body: JSON.stringify(order) });
    exitCodes = [await orders.stop()];
    await fetch(`${shop.url}/api/orders`);
    exitCodes.push(await shop.stop());
    lines = { shop: shop.lines, orders: orders.lines };
  }, 60_000);

  const spansNamed = (name: string) => received.spans.filter((span) => span.name === name);
  const accessLines = () =>
    [...lines.shop, ...lines.orders].filter((line) => attributes.httpRequestMethod in line);

  test('both end with exit code 0', () => {
    expect(exitCodes).toEqual([0, 0]);
  });

  test('a span is named by its route, not by its path', () => {
    const [span] = spansNamed('GET /api/users/:id');
    expect(span).toMatchObject({ service: 'shop', kind: SERVER });
    expect(span?.attributes).toMatchObject({ [attributes.httpRoute]: '/api/users/:id' });
  });

  test('an order is one trace: shop, its call, orders', () => {
    const [front, owner] = ['shop', 'orders'].map((service) =>
      spansNamed('POST /api/orders').find((span) => span.service === service),
    );
    const call = received.spans.find(
      (span) => span.kind === CLIENT && span.spanId === owner?.parentSpanId,
    );
    const route = received.spans.find((span) => span.spanId === call?.parentSpanId);
    expect(front).toMatchObject({ kind: SERVER });
    expect(front?.parentSpanId).toBeUndefined();
    expect(route).toMatchObject({ name: 'router - /api/orders', parentSpanId: front?.spanId });
    expect(call).toMatchObject({ name: 'POST', service: 'shop' });
    expect(owner).toMatchObject({ kind: SERVER, traceId: front?.traceId });
    expect(owner?.attributes).toMatchObject({ [attributes.httpRoute]: '/api/orders' });
  });

  test('the user is on the span of the route', () => {
    const [span] = spansNamed('router - /api/users/:id');
    expect(span?.attributes).toMatchObject({ [attributes.userId]: '2' });
  });

  test('the page shows the trace it belongs to', () => {
    const [span] = spansNamed('GET /');
    expect(page).toContain(`<code id="trace-id">${span?.traceId}</code>`);
  });

  test('each access line arrives exactly once, in the trace and span of its request', () => {
    // 4 requests to the shop, 1 of them seen by orders too.
    expect(accessLines()).toHaveLength(5);
    for (const line of accessLines()) {
      const records = received.logs.filter(
        (log) => log.body.stringValue === line.message && log.spanId === line.span_id,
      );
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({ traceId: line.trace_id, severityText: line.level });
      expect(line).toMatchObject({ trace_flags: '01' });
      const span = received.spans.find(({ spanId }) => spanId === line.span_id);
      expect(span).toMatchObject({ kind: SERVER, traceId: line.trace_id });
    }
  });

  test('an error arrives with its type, message and stack', () => {
    const failed = received.logs.find((log) => log.severityText === 'error');
    expect(failed?.attributes).toMatchObject({
      [attributes.httpRoute]: '/api/orders',
      [attributes.httpResponseStatusCode]: 502,
      'exception.type': 'UpstreamUnavailable',
      'exception.message': 'the orders service is unavailable',
      'exception.stacktrace': expect.stringContaining('peer.ts'),
      'err.cause.code': 'ECONNREFUSED',
    });
  });

  test('the metrics arrive under the names, units and texts that are published', () => {
    for (const { name, unit, description } of Object.values(appMetrics)) {
      expect(received.metrics).toContainEqual(
        expect.objectContaining({ name, unit, description, service: 'orders' }),
      );
    }
    for (const { name, unit } of Object.values(httpMetrics)) {
      expect(received.metrics).toContainEqual(expect.objectContaining({ name, unit }));
    }
  });

  test('probes are in no span, log or metric', () => {
    expect(JSON.stringify(received.spans)).not.toContain('/health');
    expect(JSON.stringify(received.logs)).not.toContain('/health');
    expect(JSON.stringify(received.metrics)).not.toContain('/health');
    const counts = received.metrics
      .filter(
        ({ name, service }) => name === httpMetrics.serverDuration.name && service === 'orders',
      )
      .map((metric) => JSON.stringify(metric).match(/"count":/g)?.length);
    expect(counts).toEqual([1]);
  });

  test('the calls of the exporters themselves are not telemetry', () => {
    expect(JSON.stringify(received.spans)).not.toContain('/v1/');
    expect(received.spans.filter(({ kind }) => kind === CLIENT)).toHaveLength(2);
  });
});

test('a collector that never answers holds up neither a request nor the exit', async () => {
  const silent = createServer(() => {});
  const orders = await startApp({
    ROLE: 'orders',
    ...exportTo(await listen(silent.listen(0)), 'orders'),
    OTEL_BLRP_SCHEDULE_DELAY: '1',
    OTEL_BSP_SCHEDULE_DELAY: '1',
  });
  const response = await fetch(`${orders.url}/api/orders`, { signal: AbortSignal.timeout(1000) });
  expect(response.status).toBe(200);
  expect(await orders.stop()).toBe(0);
}, 30_000);

test('without traces no trace id is made up', async () => {
  const off = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' };
  const orders = await startApp({ ROLE: 'orders', ...off, OTEL_LOGS_EXPORTER: 'none' });
  const response = await fetch(`${orders.url}/api/orders/1`);
  expect(await response.json()).toEqual({ error: 'there is no order 1' });
  expect(await orders.stop()).toBe(0);
}, 30_000);

test('a wrong variable ends the start with one line and exit code 1', async () => {
  expect(await runToEnd({ ROLE: 'till' })).toEqual({
    code: 1,
    stderr: 'ROLE must be one of shop, orders, got "till"\n',
  });
});
