import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { appMetrics, attributes } from '../../lib/telemetry.ts';
import { NotYet, until } from '../../ops/until.ts';
import { killApps, startApp } from '../../test-app/testing/processes.ts';
import { withBinary, writeFiles } from './binaries.ts';

const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterAll(killApps);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** A collector that writes all it is sent to a file, as lines of OTLP in JSON. */
async function startCollector(program: string, file: string) {
  const endpoint = `127.0.0.1:${await freePort()}`;
  const pipeline = { receivers: ['otlp'], exporters: ['file'] };
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    exporters: { file: { path: file } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
    },
  };
  const path = writeFiles({ 'collector.yaml': stringify(config) })['collector.yaml'];
  const child = spawn(program, [`--config=${path}`], { stdio: 'ignore' });
  await until('the collector to listen', () => fetch(`http://${endpoint}/`), {
    timeoutSeconds: 20,
    everyMs: 100,
  });
  return {
    url: `http://${endpoint}`,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

withBinary('otelcol-contrib', (_run, program) => {
  test('a real collector takes all three signals of the test app', async () => {
    const file = join(directory, 'otlp.json');
    const collector = await startCollector(program, file);
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
      const stored = await until('all three signals', async () => readSignals(file), {
        timeoutSeconds: 20,
        everyMs: 200,
      });
      for (const text of Object.values(stored)) expect(text).toContain('"stringValue":"shop"');
      expect(stored.resourceLogs).toContain(`"key":"${attributes.userId}"`);
      expect(stored.resourceLogs).toMatch(/"traceId":"[0-9a-f]{32}"/);
    } finally {
      await collector.stop();
    }
  }, 90_000);
});

/** The text of each signal, once what the order left has arrived. */
function readSignals(file: string) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const of = (signal: string) => lines.filter((line) => line.startsWith(`{"${signal}"`)).join('');
  const stored = {
    resourceSpans: of('resourceSpans'),
    resourceMetrics: of('resourceMetrics'),
    resourceLogs: of('resourceLogs'),
  };
  // A signal may come in several batches, and the file is written now and then.
  const last = {
    resourceSpans: '"name":"POST /api/orders"',
    resourceMetrics: `"name":"${appMetrics.ordersPlaced.name}"`,
    resourceLogs: '"stringValue":"order placed"',
  };
  const missing = (Object.keys(last) as (keyof typeof last)[]).filter(
    (signal) => !stored[signal].includes(last[signal]),
  );
  if (missing.length > 0) throw new NotYet(`not all of ${missing.join(', ')}`);
  return stored;
}
