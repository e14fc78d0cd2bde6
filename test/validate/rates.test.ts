import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { renderYaml, withExtraConfig } from '../../lib/model/config-file.ts';
import type { SettingsInput } from '../../lib/schema.ts';
import { serviceGraph, spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { tempoConfig, tempoDataDir } from '../../lib/tempo/config.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { tracesRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { settingsOf } from '../synthesized.ts';
import { withBinary, writeFiles } from './binaries.ts';
import { freePort, processorsOf, readStored, sendOtlp, startCollector } from './otelcol.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    children.splice(0).map(async (child) => {
      if (child.exitCode !== null || !child.kill('SIGKILL')) return;
      await once(child, 'exit');
    }),
  );
});

async function run(program: string, args: readonly string[], readyUrl: string): Promise<void> {
  children.push(spawn(program, args, { stdio: 'ignore' }));
  const ready = async () => {
    const { status } = await fetch(readyUrl);
    if (status !== 200) throw new RetryLater(`status ${status}`);
  };
  await retryUntil(`${readyUrl} to answer`, ready, { timeoutSeconds: 60, intervalMs: 200 });
}

async function startPrometheus(program: string): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const file = String(writeFiles({ 'prometheus.yaml': '{}' })['prometheus.yaml']);
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${mkdtempSync(join(tmpdir(), 'mantis-'))}`,
    `--web.listen-address=${new URL(url).host}`,
    '--web.enable-remote-write-receiver',
  ];
  await run(program, args, `${url}/-/ready`);
  return url;
}

type Sampling = NonNullable<SettingsInput['collector']>['sampling'];

/** Starts Tempo with the configuration for this sampling. @returns its OTLP URL */
async function startTempo(program: string, prometheus: string, sampling: Sampling) {
  const [http = 0, grpc = 0, gossip = 0, otlpGrpc = 0, otlpHttp = 0] = await Promise.all(
    Array.from({ length: 5 }, freePort),
  );
  const config = tempoConfig({
    retention: Duration.days(1),
    memoryLimit: Size.gibibytes(1),
    remoteWriteUrl: `${prometheus}/api/v1/write`,
    maxActiveSeries: 1000,
    sampling: settingsOf({ collector: { sampling } }).collector.sampling,
  });
  const here = withExtraConfig(config, {
    server: { http_listen_address: '127.0.0.1', http_listen_port: http, grpc_listen_port: grpc },
    memberlist: { bind_addr: ['127.0.0.1'], bind_port: gossip },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            grpc: { endpoint: `127.0.0.1:${otlpGrpc}` },
            http: { endpoint: `127.0.0.1:${otlpHttp}` },
          },
        },
      },
    },
    metrics_generator: { registry: { collection_interval: '1s' } },
  });
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  const text = renderYaml(here).replaceAll(tempoDataDir, directory);
  const file = String(writeFiles({ 'tempo.yaml': text })['tempo.yaml']);
  await run(program, [`-config.file=${file}`], `http://127.0.0.1:${http}/ready`);
  return { url: `http://127.0.0.1:${otlpHttp}` };
}

const digits = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** Requests to the shop, each of which calls the orders service. */
function requests(prefix: string, count: number, now: number, code?: 2) {
  const span = (trace: string, name: string, kind: number, parent?: string) => ({
    traceId: digits(trace, 32),
    spanId: digits(`${trace} ${name}`, 16),
    ...(parent !== undefined && { parentSpanId: digits(`${trace} ${parent}`, 16) }),
    name,
    kind,
    startTimeUnixNano: `${now}000000`,
    endTimeUnixNano: `${now + 5}000000`,
    ...(code !== undefined && { status: { code } }),
  });
  const traces = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const shop = traces.flatMap((trace) => [
    span(trace, 'GET /', 2),
    span(trace, 'call', 3, 'GET /'),
  ]);
  const orders = traces.map((trace) => span(trace, 'GET /orders', 2, 'call'));
  return [tracesRequest('shop', shop), tracesRequest('orders', orders)];
}

withBinary('otelcol-contrib', (_c, collectorProgram) => {
  withBinary('tempo', (_t, tempoProgram) => {
    withBinary('prometheus', (_p, prometheusProgram) => {
      async function counted(sampling: Sampling, good: number, bad: number) {
        const prometheus = await startPrometheus(prometheusProgram);
        const tempo = await startTempo(tempoProgram, prometheus, sampling);
        const parts = processorsOf(settingsOf({ collector: { sampling } }));
        const collector = await startCollector(collectorProgram, parts);
        const now = Date.now();
        for (const request of [...requests('good', good, now), ...requests('bad', bad, now, 2)]) {
          await sendOtlp(collector, 'traces', request);
        }
        await collector.stop();
        const spans = readStored(collector).spans.filter(({ name }) => name === 'GET /orders');
        for (const line of collector.files.flatMap((file) =>
          readFileSync(file, 'utf8').split('\n').filter(Boolean),
        )) {
          await sendOtlp(tempo, 'traces', JSON.parse(line));
        }
        const { calls, service, spanKind, server, statusCode, error, latencyCount } = spanMetrics;
        const served = `${service}="orders", ${spanKind}="${server}"`;
        const edge = `{${serviceGraph.client}="shop", ${serviceGraph.server}="orders"}`;
        const ask = async (query: string) => {
          const [sample] = await queryPrometheus(prometheus, `sum(${query})`);
          if (sample === undefined) throw new RetryLater(`nothing of ${query}`);
          return sample.value;
        };
        const all = async () => {
          const figures = {
            stored: spans.length,
            failed: await ask(`${calls}{${served}, ${statusCode}="${error}"}`),
            calls: await ask(`${calls}{${served}}`),
            latencies: await ask(`${latencyCount}{${served}}`),
            edge: await ask(`${serviceGraph.requests}${edge}`),
            edgeFailed: await ask(`${serviceGraph.failed}${edge}`),
          };
          // This exact count shows that all spans have arrived.
          if (figures.edgeFailed < Math.min(bad, 1)) throw new RetryLater(JSON.stringify(figures));
          return figures;
        };
        let last = '';
        return retryUntil(
          'span metrics that no longer increase',
          async () => {
            const figures = await all();
            const before = last;
            last = JSON.stringify(figures);
            if (last !== before) throw new RetryLater(last);
            return figures;
          },
          { timeoutSeconds: 60, intervalMs: 2500 },
        );
      }

      test('span metrics of tail sampling at 10 % estimate all requests and count errors exactly', async () => {
        const figures = await counted({ mode: 'tail', keep: '10%' }, 3600, 400);
        expect(figures.stored).toBeLessThan(1000);
        expect(figures.failed).toBe(400);
        expect(figures.edgeFailed).toBe(400);
        // Five standard deviations of the estimate for 3600 requests.
        const bound = 5 * Math.sqrt(3600 * 0.1 * 0.9) * 10;
        for (const figure of [figures.calls, figures.latencies, figures.edge]) {
          expect(Math.abs(figure - 4000)).toBeLessThan(bound);
        }
      }, 180_000);

      test('span metrics of head sampling at 25 % estimate requests and errors', async () => {
        const figures = await counted({ mode: 'head', keep: '25%' }, 3600, 400);
        expect(figures.stored).toBeLessThan(1200);
        const bound = (count: number) => 5 * Math.sqrt(count * 0.25 * 0.75) * 4;
        expect(Math.abs(figures.calls - 4000)).toBeLessThan(bound(4000));
        expect(Math.abs(figures.edge - 4000)).toBeLessThan(bound(4000));
        expect(Math.abs(figures.failed - 400)).toBeLessThan(bound(400));
      }, 180_000);

      test('span metrics without sampling are exact', async () => {
        const figures = await counted({ mode: 'none' }, 360, 40);
        expect(figures).toEqual({
          stored: 400,
          failed: 40,
          calls: 400,
          latencies: 400,
          edge: 400,
          edgeFailed: 40,
        });
      }, 180_000);
    });
  });
});
