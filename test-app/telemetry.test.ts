import { createServer } from 'node:http';
import { appMetrics, attributes, httpMetrics } from '../lib/telemetry/app.ts';
import { healthPath, probePaths, readyPath } from '../lib/telemetry/app-paths.ts';
import { traceIdHeader } from './http/request.ts';
import { closeServers, type LogLine, listen } from './testing/in-process.ts';
import { type OtlpReceiver, otlpReceiver } from './testing/otlp-receiver.ts';
import { killApps, runToEnd, startApp } from './testing/processes.ts';

afterAll(closeServers);
afterAll(killApps);

const kind = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const hour = '3600000';
const card = '4242424242424242';

/** Export intervals of an hour, so that all telemetry is flushed by the shutdown. */
function exportTo(endpoint: string) {
  return {
    OTEL_SERVICE_NAME: 'shop',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: hour,
    OTEL_BSP_SCHEDULE_DELAY: hour,
    OTEL_BLRP_SCHEDULE_DELAY: hour,
  };
}

describe('all roles in one process, after some requests and a shutdown', () => {
  let received: OtlpReceiver;
  let page: string;
  let traceHeaders: Record<string, string | null>;
  let lines: readonly LogLine[];
  let exitCode: number | null;

  beforeAll(async () => {
    received = otlpReceiver();
    const endpoint = await listen(received.server.listen(0));
    const env = {
      ROLE: 'all',
      FAULT_SWITCHES: 'true',
      SEED: '1',
      DELAY_FACTOR: '0',
      ...exportTo(endpoint),
    };
    const shop = await startApp(env);
    const send = (path: string, body?: string) =>
      fetch(`${shop.url}${path}`, { method: body ? 'POST' : 'GET', body });
    const visit = await send('/');
    page = await visit.text();
    traceHeaders = { '/': visit.headers.get(traceIdHeader) };
    for (const path of [...probePaths, healthPath, '/assets/page.css', '/faults']) {
      traceHeaders[path] = (await send(path)).headers.get(traceIdHeader);
    }
    await send('/api/users/2');
    const order = { userId: '1', items: [{ product: 'coffee', quantity: 2 }], card };
    expect((await send('/api/orders', JSON.stringify(order))).status).toBe(201);
    await send('/api/orders', '{}');
    traceHeaders['/api/error'] = (await send('/api/error')).headers.get(traceIdHeader);
    await send('/api/log-levels');
    await send('/api/slow?ms=7000');
    exitCode = await shop.stop();
    lines = shop.lines;
  }, 60_000);

  const spansNamed = (name: string) => received.spans.filter((span) => span.name === name);
  const byId = (id: string | undefined) => received.spans.find(({ spanId }) => spanId === id);
  /** Those within a span, which requests of /health do not have. */
  const accessLines = () =>
    lines.filter((line) => attributes.httpRequestMethod in line && 'trace_id' in line);
  /** The spans of the order that succeeded: the only trace that has a payment. */
  const orderTrace = () => {
    const [charge] = spansNamed('charge');
    return received.spans.filter(({ traceId }) => traceId === charge?.traceId);
  };

  test('the exit code is 0', () => {
    expect(exitCode).toBe(0);
  });

  test('a span name has the route, not the path', () => {
    const [span] = spansNamed('GET /api/users/:id');
    expect(span).toMatchObject({ service: 'shop', kind: kind.server });
    expect(span?.attributes).toMatchObject({ [attributes.httpRoute]: '/api/users/:id' });
  });

  test('an order is one trace through all roles', () => {
    const served = orderTrace().filter((span) => span.kind === kind.server);
    expect(served.map(({ name }) => name).sort()).toEqual([
      'GET /api/products/:id',
      'GET /api/users/:id',
      'POST /api/orders',
      'POST /api/orders',
      'POST /api/payments',
      'POST /api/reservations',
    ]);
    const [root, ...others] = orderTrace().filter((span) => byId(span.parentSpanId) === undefined);
    expect(root).toMatchObject({ name: 'POST /api/orders', kind: kind.server });
    expect(others).toEqual([]);
  });

  test.each([
    ['GET /api/products/:id', 'GET', kind.client],
    ['SELECT users', 'GET /api/users/:id', kind.server],
    ['INSERT orders', 'POST /api/orders', kind.server],
    ['cache products', 'POST /api/reservations', kind.server],
    ['charge', 'POST /api/payments', kind.server],
    ['UPDATE orders', 'send fulfilments', kind.producer],
  ])('the span %s is a child of %s', (name, parent, parentKind) => {
    const span = orderTrace().find((each) => each.name === name);
    expect(byId(span?.parentSpanId)).toMatchObject({ name: parent, kind: parentKind });
  });

  test('the request after a cache miss is a child of the cache span', () => {
    const [call] = orderTrace().filter(
      (span) => byId(span.parentSpanId)?.name === 'cache products',
    );
    expect(call).toMatchObject({ name: 'GET', kind: kind.client });
    const [cache] = spansNamed('cache products');
    expect(cache?.attributes).toMatchObject({ 'shop.cache.result': 'miss' });
  });

  test('a database span has the operation and the table', () => {
    const [span] = spansNamed('SELECT users');
    expect(span?.kind).toBe(kind.client);
    expect(span?.attributes).toMatchObject({
      'db.system.name': 'sqlite',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'users',
      'db.query.summary': 'SELECT users',
      'db.query.text': expect.stringContaining('WHERE users.id = ?'),
    });
  });

  test('the client span of the provider has its peer.service', () => {
    const calls = received.spans.filter((span) => attributes.peerService in span.attributes);
    expect(calls).toEqual([expect.objectContaining({ kind: kind.client, name: 'POST' })]);
    expect(calls[0]?.attributes).toMatchObject({ [attributes.peerService]: 'payment-provider' });
    expect(byId(calls[0]?.parentSpanId)?.name).toBe('charge');
  });

  test('the fulfilment is a separate trace that is linked to the request', () => {
    const [process] = spansNamed('process fulfilments');
    const [send] = spansNamed('send fulfilments');
    expect(process).toMatchObject({ kind: kind.consumer });
    expect(process?.parentSpanId).toBeUndefined();
    expect(process?.traceId).not.toBe(send?.traceId);
    expect(process?.links).toEqual([
      expect.objectContaining({ traceId: send?.traceId, spanId: send?.spanId }),
    ]);
  });

  test('every service gets the user of the request by baggage', () => {
    const payment = spansNamed('POST /api/payments');
    expect(payment).toHaveLength(1);
    expect(payment[0]?.attributes).toMatchObject({ [attributes.userId]: '1' });
  });

  test('the span of an order has its attributes and an event', () => {
    const placed = spansNamed('POST /api/orders').find(
      ({ attributes: own }) => 'shop.order.id' in own,
    );
    expect(placed?.attributes).toMatchObject({ 'shop.order.items': 2 });
    expect(placed?.events).toEqual([expect.objectContaining({ name: 'order placed' })]);
  });

  test('the span of a failed request has an error status and the exception', () => {
    const [failed] = spansNamed('GET /api/error');
    expect(failed).toMatchObject({ status: { code: 2 } });
    expect(failed?.attributes).toMatchObject({ [attributes.errorType]: 'TypeError' });
    expect(failed?.events).toEqual([expect.objectContaining({ name: 'exception' })]);
  });

  test('a 400 is no error of the span', () => {
    const refused = spansNamed('POST /api/orders').find(
      ({ attributes: own }) => own[attributes.httpResponseStatusCode] === 400,
    );
    expect(refused?.status?.code ?? 0).toBe(0);
  });

  test('the homepage shows its trace id', () => {
    const [span] = spansNamed('GET /');
    expect(page).toContain(`<code id="trace-id">${span?.traceId}</code>`);
  });

  test('a response has the id of its trace as a header, unless there is no trace', () => {
    const [failed] = spansNamed('GET /api/error');
    expect(traceHeaders).toEqual({
      '/': spansNamed('GET /')[0]?.traceId,
      '/api/error': failed?.traceId,
      ...Object.fromEntries(
        [...probePaths, healthPath, '/assets/page.css', '/faults'].map((path) => [path, null]),
      ),
    });
    expect(failed?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('each access log line is exported exactly once, with the trace and span of its request', () => {
    // The homepage, a user at two roles, an order at six, a refused order, an error, the log levels, a
    // slow request.
    expect(accessLines()).toHaveLength(13);
    for (const line of accessLines()) {
      const records = received.logs.filter(
        (log) => log.body.stringValue === line.message && log.spanId === line.span_id,
      );
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({ traceId: line.trace_id, severityText: line.level });
      expect(line).toMatchObject({ trace_flags: '01', 'service.name': 'shop' });
      expect(byId(String(line.span_id))).toMatchObject({
        kind: kind.server,
        traceId: line.trace_id,
      });
    }
  });

  test('every log line within a request has its user and route', () => {
    for (const line of lines.filter(({ trace_id: trace }) => trace !== undefined)) {
      if (String(line.message).startsWith('order fulfilled')) continue;
      expect(line).toMatchObject({
        [attributes.httpRoute]: expect.stringMatching(/^\//),
        [attributes.userId]: expect.stringMatching(/^(\d+|anonymous)$/),
      });
    }
  });

  test('log levels are mapped to OpenTelemetry severities', () => {
    const numbers = Object.fromEntries(
      received.logs.map(({ severityText, severityNumber }) => [severityText, severityNumber]),
    );
    expect(numbers).toEqual({ debug: 5, info: 9, warn: 13, error: 17, fatal: 21 });
  });

  test('an error log record has the type, message and stack of the exception', () => {
    const failed = received.logs.filter(
      (log) => attributes.errorType in log.attributes && log.severityText === 'error',
    );
    expect(failed).toHaveLength(1);
    expect(failed[0]?.attributes).toMatchObject({
      [attributes.httpRoute]: '/api/error',
      [attributes.httpResponseStatusCode]: 500,
      'exception.type': 'TypeError',
      'exception.message': expect.stringContaining('on purpose'),
      'exception.stacktrace': expect.stringContaining('routes/error.ts'),
    });
    expect(JSON.stringify(failed[0]).match(/routes\/error\.ts/g)).toHaveLength(1);
  });

  test('no signal has the card number', () => {
    for (const signal of [received.spans, received.logs, received.metrics, lines]) {
      expect(signal.length).toBeGreaterThan(5);
      expect(JSON.stringify(signal)).not.toContain(card);
    }
  });

  test('metrics are exported with their published names, units and descriptions', () => {
    for (const { name, unit, description } of Object.values(appMetrics)) {
      expect(received.metrics).toContainEqual(expect.objectContaining({ name, unit, description }));
    }
    for (const { name, unit } of Object.values(httpMetrics)) {
      expect(received.metrics).toContainEqual(expect.objectContaining({ name, unit }));
    }
    expect(received.metrics.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nodejs.eventloop.delay.p99', 'v8js.memory.heap.used']),
    );
  });

  test('no metric has an attribute of unbounded cardinality', () => {
    const text = JSON.stringify(received.metrics);
    expect(text).not.toMatch(/api\/users\/\d/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}/);
    expect(text).not.toContain('user.id');
  });

  test('probes, the files of the homepage, the faults and the provider cause no telemetry', () => {
    for (const signal of [received.spans, received.logs, received.metrics]) {
      for (const path of [...probePaths, '/assets', '"/faults"']) {
        expect(JSON.stringify(signal)).not.toContain(path);
      }
    }
    for (const span of received.spans.filter((each) => each.kind === kind.server)) {
      expect(span.attributes['url.path']).toMatch(/^\/(api.*)?$/);
    }
  });

  test('/health is counted, and logged at level debug', () => {
    expect(JSON.stringify(received.metrics)).toContain(healthPath);
    const [line] = lines.filter((each) => each[attributes.urlPath] === healthPath);
    expect(line).toMatchObject({ level: 'debug' });
    expect(line).not.toHaveProperty('trace_id');
  });

  test('requests of the exporters cause no spans', () => {
    expect(JSON.stringify(received.spans)).not.toContain('/v1/');
  });
});

test('a collector that never responds delays neither requests nor the shutdown', async () => {
  const silent = createServer(() => {});
  const app = await startApp({
    ROLE: 'payments',
    ...exportTo(await listen(silent.listen(0))),
    OTEL_BLRP_SCHEDULE_DELAY: '1',
    OTEL_BSP_SCHEDULE_DELAY: '1',
  });
  const response = await fetch(`${app.url}/api/chain`, { signal: AbortSignal.timeout(1000) });
  expect(response.status).toBe(200);
  expect(await app.stop()).toBe(0);
}, 30_000);

const noTelemetry = {
  OTEL_TRACES_EXPORTER: 'none',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
};

test('requests before the signal and during the drain are served', async () => {
  const app = await startApp({ ROLE: 'all', DRAIN_SECONDS: '1', ...noTelemetry });
  const slow = fetch(`${app.url}/api/slow?ms=1500`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const stopped = app.stop();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await fetch(`${app.url}${readyPath}`)).status).toBe(503);
  const late = await fetch(`${app.url}/api/chain`);
  expect(late.status).toBe(200);
  expect(late.headers.get('connection')).toBe('close');
  expect((await slow).status).toBe(200);
  expect(await stopped).toBe(0);
}, 30_000);

test('a crash is exported as a fatal log record, and the exit code is 1', async () => {
  const received = otlpReceiver();
  const crash = 'setTimeout(() => { throw new Error("no way back") }, 2500)';
  const env = { ROLE: 'payments', ...exportTo(await listen(received.server.listen(0))) };
  const app = await startApp(env, [`data:text/javascript,${encodeURIComponent(crash)}`]);
  expect(await app.end()).toBe(1);
  const fatal = { severityText: 'fatal', severityNumber: 21 };
  expect(received.logs.at(-1)).toMatchObject({
    ...fatal,
    attributes: { 'exception.type': 'Error', 'exception.message': 'no way back' },
  });
}, 30_000);

test('without tracing an error response has no trace id', async () => {
  const app = await startApp({ ROLE: 'payments', ...noTelemetry });
  const response = await fetch(`${app.url}/api/orders/1`);
  expect(await response.json()).toEqual({ error: 'nothing is at /api/orders/1' });
  expect(await app.stop()).toBe(0);
}, 30_000);

test('an invalid variable causes one line and exit code 1', async () => {
  expect(await runToEnd({ ROLE: 'till' })).toEqual({
    code: 1,
    stderr: 'ROLE must be one of shop, orders, inventory, payments, all, got "till"\n',
  });
});
