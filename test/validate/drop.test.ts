import type { SettingsInput } from '../../lib/schema.ts';
import { doctorService } from '../../lib/telemetry/probes.ts';
import { keyValues, logsRequest, metricsRequest, tracesRequest } from '../../ops/stores/otlp.ts';
import { settingsOf } from '../synthesized.ts';
import { withBinary } from './binaries.ts';
import { processorsOf, readStored, sendOtlp, startCollector } from './otelcol.ts';

const now = `${Date.now()}000000`;
let ids = 0;

/** A span with a unique id in a trace of its own. */
function span(name: string, attributes: Record<string, string> = {}) {
  ids += 1;
  return {
    traceId: ids.toString(16).padStart(32, 'a'),
    spanId: ids.toString(16).padStart(16, 'b'),
    name,
    kind: 2,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes: keyValues(attributes),
  };
}

const line = (body: string, severityNumber?: number, attributes: Record<string, string> = {}) => ({
  timeUnixNano: now,
  severityNumber,
  body: { stringValue: body },
  attributes: keyValues(attributes),
});

const metric = (name: string, ...states: string[]) => ({
  name,
  gauge: {
    dataPoints: states.map((state) => ({
      timeUnixNano: now,
      asDouble: 1,
      attributes: keyValues({ state }),
    })),
  },
});

withBinary('otelcol-contrib', (_run, program) => {
  /** Sends telemetry through these rules. @returns what is left */
  async function processTelemetry(
    drop: NonNullable<SettingsInput['collector']>['drop'],
    sent: {
      traces?: readonly object[];
      logs?: readonly object[];
      metrics?: readonly object[];
    },
  ) {
    const collector = await startCollector(
      program,
      processorsOf(settingsOf({ collector: { drop } })),
    );
    for (const signal of ['traces', 'logs', 'metrics'] as const) {
      for (const request of sent[signal] ?? []) await sendOtlp(collector, signal, request);
    }
    await collector.stop();
    const { spans, logs, metrics } = readStored(collector);
    return {
      spans: spans.map(({ name }) => name),
      logs: logs.map(({ body }) => body?.stringValue),
      metrics: metrics.flatMap(({ name, gauge }) =>
        (gauge?.dataPoints ?? []).map(
          ({ attributes }) => `${name} ${attributes?.[0]?.value.stringValue}`,
        ),
      ),
    };
  }

  test('spans are dropped by url.path, http.route and http.target, and similar paths are kept', async () => {
    const traces = [
      tracesRequest('shop', [
        span('by path', { 'url.path': '/health' }),
        span('by route', { 'http.route': '/ready' }),
        span('by target', { 'http.target': '/health?full=1' }),
        span('by wildcard', { 'url.path': '/internal/live/db' }),
        span('other path', { 'url.path': '/healthy' }),
        span('below', { 'url.path': '/health/insurance' }),
        span('no path'),
        span('child of a health check', { 'db.system.name': 'sqlite' }),
      ]),
    ];
    const paths = ['/health', '/ready', '/internal/live/*'];
    const { spans } = await processTelemetry([{ signal: 'traces', paths }], { traces });
    expect(spans).toEqual(['other path', 'below', 'no path', 'child of a health check']);
  }, 30_000);

  test('log records below a severity are dropped, but not those without a severity or of Mantis itself', async () => {
    const logs = [
      logsRequest('legacy', [
        line('trace', 1),
        line('debug', 5),
        line('info', 9),
        line('warning', 13),
        line('error', 17),
        line('no severity'),
      ]),
      logsRequest('shop', [line('of another service', 5)]),
      logsRequest(doctorService, [line('of the doctor', 5)]),
    ];
    const services = ['legacy', doctorService];
    const left = await processTelemetry([{ signal: 'logs', belowSeverity: 'WARN', services }], {
      logs,
    });
    expect(left.logs).toEqual([
      'warning',
      'error',
      'no severity',
      'of another service',
      'of the doctor',
    ]);
  }, 30_000);

  test('metrics are dropped by name, and data points by attribute', async () => {
    const metrics = [
      metricsRequest('shop', [
        metric('jvm.memory.used', 'a'),
        metric('jvm.gc.duration', 'a'),
        metric('queue.depth', 'idle', 'busy'),
      ]),
    ];
    const left = await processTelemetry(
      [
        { signal: 'metrics', names: ['jvm.gc.*'] },
        { signal: 'metrics', names: ['queue.depth'], attributes: { state: 'idle' } },
      ],
      { metrics },
    );
    expect(left.metrics).toEqual(['jvm.memory.used a', 'queue.depth busy']);
  }, 30_000);

  test.each([
    'GET /a"b',
    'C:\\temp\\new',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector would expand it
    'price in $ or ${env:HOME}',
    'a.b+c(d)[e]{f}|g^h?',
    'two\nlines',
    "single ' and `back`",
    'Ünïcode 💧',
    '" or true or "',
  ])(
    'special characters are literal: %j',
    async (name) => {
      const traces = [tracesRequest('shop', [span(name), span(`${name}!`), span('aXb+cd')])];
      const exact = await processTelemetry([{ signal: 'traces', names: [name] }], { traces });
      expect(exact.spans).toEqual([`${name}!`, 'aXb+cd']);
      const pattern = await processTelemetry([{ signal: 'traces', names: [`${name}*`, 'x'] }], {
        traces,
      });
      expect(pattern.spans).toEqual(['aXb+cd']);
    },
    30_000,
  );

  test('all conditions of a rule must match', async () => {
    const traces = [
      tracesRequest('shop', [
        span('poll', { 'url.path': '/a', plan: 'free' }),
        span('poll', { 'url.path': '/a', plan: 'paid' }),
        span('other', { 'url.path': '/a', plan: 'free' }),
      ]),
      tracesRequest('orders', [span('poll', { 'url.path': '/a', plan: 'free' })]),
    ];
    const rule = {
      paths: ['/a'],
      names: ['poll'],
      services: ['shop'],
      attributes: { plan: 'free' },
    };
    const { spans } = await processTelemetry([{ signal: 'traces', ...rule }], { traces });
    expect(spans).toEqual(['poll', 'other', 'poll']);
  }, 30_000);
});
