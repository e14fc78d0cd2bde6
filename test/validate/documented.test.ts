import { createHash } from 'node:crypto';
import type { Settings } from '../../lib/schema.ts';
import { keyValues, logsRequest, metricsRequest, tracesRequest } from '../../ops/stores/otlp.ts';
import { loadSettings } from '../../settings/load.ts';
import { settingsExamples } from '../settings-examples.ts';
import { withBinary } from './binaries.ts';
import { processorsOf, readStored, sendOtlp, startCollector } from './otelcol.ts';

const examples = settingsExamples().map(({ name, path }) => ({
  name,
  settings: loadSettings({ file: path }),
}));

/** The one example of a document that matches. */
function example(
  about: (collector: Settings['collector']) => boolean,
  file = 'docs/configuration.md',
): Settings {
  const [found, ...others] = examples
    .filter(({ name, settings }) => name.startsWith(`${file},`) && about(settings.collector))
    .map(({ settings }) => settings);
  if (found === undefined || others.length > 0) throw new Error(`${others.length} other examples`);
  return found;
}

const now = Date.now();
const time = (ms = 0) => `${now + ms}000000`;
let ids = 0;

function span(name: string, values: Record<string, string> = {}, more: object = {}) {
  ids += 1;
  return {
    // Random enough for sampling by trace id.
    traceId: createHash('sha256').update(`${ids}`).digest('hex').slice(0, 32),
    spanId: `${ids}`.padStart(16, 'b'),
    name,
    kind: 2,
    startTimeUnixNano: time(),
    endTimeUnixNano: time(5),
    attributes: keyValues(values),
    ...more,
  };
}

const line = (body: string, severityNumber = 9, values: Record<string, string> = {}) => ({
  timeUnixNano: time(),
  severityNumber,
  body: { stringValue: body },
  attributes: keyValues(values),
});

const metric = (name: string) => ({
  name,
  gauge: { dataPoints: [{ timeUnixNano: time(), asDouble: 1 }] },
});

withBinary('otelcol-contrib', (_run, program) => {
  async function processTelemetry(
    settings: Settings,
    requests: { traces?: object[]; logs?: object[]; metrics?: object[] },
    env: Record<string, string> = {},
  ) {
    const collector = await startCollector(program, processorsOf(settings), env);
    for (const signal of ['traces', 'logs', 'metrics'] as const) {
      for (const request of requests[signal] ?? []) await sendOtlp(collector, signal, request);
    }
    await collector.stop();
    const { spans, logs, metrics, text } = readStored(collector);
    return {
      text,
      spans: spans.map(({ name }) => name),
      logs: logs.map(({ body }) => body?.stringValue),
      metrics: metrics.map(({ name }) => name),
    };
  }

  test('the drop example drops exactly what its comments say', async () => {
    const left = await processTelemetry(
      example(({ drop }) => drop.length > 0),
      {
        traces: [
          tracesRequest('shop', [
            span('health', { 'url.path': '/health' }),
            span('live', { 'http.route': '/internal/live/db' }),
            span('poll', { plan: 'free' }),
            span('poll', { plan: 'paid' }),
            span('GET /api/orders', { 'url.path': '/api/orders' }),
          ]),
        ],
        logs: [
          logsRequest('batch-nightly', [line('started', 9), line('late', 13)]),
          logsRequest('shop', [line('order placed', 9)]),
        ],
        metrics: [metricsRequest('shop', [metric('jvm.gc.duration'), metric('jvm.memory.used')])],
      },
    );
    expect(left).toMatchObject({
      spans: ['poll', 'GET /api/orders'],
      logs: ['late', 'order placed'],
      metrics: ['jvm.memory.used'],
    });
  }, 30_000);

  test('the redact example removes every secret and hashes user ids', async () => {
    const values = {
      'user.email': 'jane',
      'http.request.header.x-session': 'secret-session',
      'user.id': 'user-17',
      note: 'to jane@example.com by 4111111111111111 with acme_live_12ab',
      kept: 'as it is',
    };
    const { text } = await processTelemetry(
      example(({ redact }) => redact.delete.length > 0),
      {
        traces: [tracesRequest('shop', [span('signup', values)])],
        logs: [logsRequest('shop', [line(`signed up ${values.note}`, 9, values)])],
      },
      { HASH_KEY: 'pepper' },
    );
    for (const secret of ['user.email', 'secret-session', 'user-17', '@example', '4111', 'acme']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('"to *** by *** with ***"');
    expect(text).toContain('"signed up to *** by *** with ***"');
    expect(text.match(/as it is/g)).toHaveLength(2);
    expect(text.match(/"key":"user.id","value":{"stringValue":"[0-9a-f]{16}"}/g)).toHaveLength(2);
  }, 30_000);

  test('the sampling example keeps errors, slow traces and the chosen service', async () => {
    const failed = { status: { code: 2 } };
    const slow = { endTimeUnixNano: time(2500) };
    const { spans } = await processTelemetry(
      example(({ sampling }) => sampling.mode === 'tail'),
      {
        traces: [
          tracesRequest('shop', [span('failed', {}, failed), span('slow', {}, slow)]),
          tracesRequest('payments', [span('charge')]),
          tracesRequest(
            'shop',
            Array.from({ length: 200 }, () => span('rest')),
          ),
        ],
      },
    );
    expect(spans).toEqual(expect.arrayContaining(['failed', 'slow', 'charge']));
    expect(spans.length).toBeGreaterThan(3);
    expect(spans.length).toBeLessThan(3 + 60);
  }, 30_000);

  test('the transform example changes what it names', async () => {
    const { text, metrics } = await processTelemetry(
      example(({ transform }) => transform.traces.length > 0),
      {
        traces: [
          tracesRequest('payments', [span('charge')]),
          tracesRequest('shop', [span('order')]),
        ],
        logs: [logsRequest('shop', [line('GET /health 200'), line('GET / 200')])],
        metrics: [metricsRequest('shop', [metric('legacy_jobs'), metric('jobs')])],
      },
    );
    expect(text.match(/"stringValue":"checkout"/g)).toHaveLength(1);
    expect(text).toMatch(/"severityNumber":5,[^}]*"GET \/health 200"/);
    expect(text).toMatch(/"severityNumber":9,[^}]*"GET \/ 200"/);
    expect(metrics).toEqual(['app_jobs', 'jobs']);
  }, 30_000);

  test('the example for a service with too many series leaves few of them', async () => {
    const runbook = example(({ drop }) => drop.length > 0, 'docs/runbooks/TooManySeries.md');
    const byRegion = (name: string) => ({
      name,
      sum: {
        ...{ aggregationTemporality: 2, isMonotonic: true },
        dataPoints: ['eu', 'eu', 'us'].map((region, customer) => ({
          ...{ timeUnixNano: time(), asInt: '2' },
          attributes: keyValues({ region, customer: `${customer}` }),
        })),
      },
    });
    const { text, spans, metrics } = await processTelemetry(runbook, {
      traces: [
        tracesRequest('chatty', [span('order of Ann'), span('order of Bob')]),
        tracesRequest('shop', [span('order')]),
      ],
      metrics: [metricsRequest('chatty', [byRegion('jobs.done'), byRegion('jobs.pending')])],
    });
    expect(spans.sort()).toEqual(['order', 'run job', 'run job']);
    expect(metrics).toEqual(['jobs.done']);
    expect(text.match(/"asInt":"\d"/g)?.sort()).toEqual(['"asInt":"2"', '"asInt":"4"']);
  }, 30_000);
});
