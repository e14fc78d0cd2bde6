import { appMetrics, attributes } from '../../lib/telemetry/app.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { killApps, startApp } from '../../test-app/testing/processes.ts';
import { withBinary } from './binaries.ts';
import { type RunningCollector, readStored, startCollector } from './otelcol.ts';

afterAll(killApps);

withBinary('otelcol-contrib', (_run, program) => {
  test('a real collector receives all three signals of the test app', async () => {
    const pipelines = { traces: [], metrics: [], logs: [] };
    const collector = await startCollector(program, { processors: {}, pipelines });
    try {
      const app = await startApp({
        ROLE: 'all',
        SEED: '1',
        DELAY_FACTOR: '0',
        OTEL_SERVICE_NAME: 'shop',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_METRICS_EXPORTER: 'otlp',
      });
      const body = JSON.stringify({ userId: '1', items: [{ product: 'tea', quantity: 1 }] });
      expect((await fetch(`${app.url}/api/orders`, { method: 'POST', body })).status).toBe(201);
      expect(await app.stop()).toBe(0);
      const stored = await retryUntil('all three signals', async () => readSignals(collector), {
        timeoutSeconds: 20,
        intervalMs: 200,
      });
      for (const text of Object.values(stored)) expect(text).toContain('"stringValue":"shop"');
      expect(stored.resourceLogs).toContain(`"key":"${attributes.userId}"`);
      expect(stored.resourceLogs).toMatch(/"traceId":"[0-9a-f]{32}"/);
    } finally {
      await collector.stop();
    }
  }, 90_000);
});

/** The stored text of each signal. @throws RetryLater until the signals of the order have arrived */
function readSignals(collector: RunningCollector) {
  const lines = readStored(collector).text.split('\n');
  const of = (signal: string) => lines.filter((line) => line.startsWith(`{"${signal}"`)).join('');
  const stored = {
    resourceSpans: of('resourceSpans'),
    resourceMetrics: of('resourceMetrics'),
    resourceLogs: of('resourceLogs'),
  };
  // A signal may arrive in several batches, and the file is flushed periodically.
  const last = {
    resourceSpans: '"name":"POST /api/orders"',
    resourceMetrics: `"name":"${appMetrics.ordersPlaced.name}"`,
    resourceLogs: '"stringValue":"order placed"',
  };
  const missing = (Object.keys(last) as (keyof typeof last)[]).filter(
    (signal) => !stored[signal].includes(last[signal]),
  );
  if (missing.length > 0) throw new RetryLater(`not all of ${missing.join(', ')}`);
  return stored;
}
