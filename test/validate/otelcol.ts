import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { collectorConfig } from '../../lib/collector/config.ts';
import { samplingGates } from '../../lib/collector/sampling.ts';
import { type ConfigObject, renderYaml } from '../../lib/model/config-file.ts';
import type { Settings } from '../../lib/schema.ts';
import { retryUntil } from '../../ops/process/retry.ts';
import { writeFiles } from './binaries.ts';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** A collector that receives OTLP over HTTP and writes the processed telemetry to files. */
export interface RunningCollector {
  readonly url: string;
  /** One file for each signal, with lines of OTLP/JSON. */
  readonly files: readonly string[];
  /** SIGTERM: pending data is processed and written. */
  stop(): Promise<void>;
  /** SIGKILL: pending data is lost. */
  kill(): Promise<void>;
}

/** Starts a collector with these processors and pipelines. `env` is added to that of this process. */
export async function startCollector(
  program: string,
  { processors, pipelines, gates = [] }: CollectorProcessors,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningCollector> {
  const endpoint = `127.0.0.1:${await freePort()}`;
  // One exporter a signal: a shared one is closed while other pipelines still have data for it.
  const names = Object.keys(pipelines).map((signal) => [signal, `file/${signal}`] as const);
  const files = writeFiles(Object.fromEntries(names.map(([, name]) => [name, ''])));
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    processors,
    exporters: Object.fromEntries(
      names.map(([, name]) => [name, { path: files[name], flush_interval: '100ms' }]),
    ),
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
      pipelines: Object.fromEntries(
        names.map(([signal, name]) => [
          signal,
          { receivers: ['otlp'], processors: pipelines[signal], exporters: [name] },
        ]),
      ),
    },
  };
  const written = String(writeFiles({ 'collector.yaml': renderYaml(config) })['collector.yaml']);
  const flags = gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : [];
  const child = spawn(program, [`--config=${written}`, ...flags], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  await retryUntil('the collector to listen', () => fetch(`http://${endpoint}/`), {
    timeoutSeconds: 20,
    intervalMs: 100,
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url: `http://${endpoint}`,
    files: Object.values(files),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

interface CollectorProcessors {
  readonly processors: ConfigObject;
  readonly pipelines: Readonly<Record<string, readonly string[]>>;
  readonly gates?: readonly string[];
}

/** The processors and pipelines of the collector with these settings. */
export function processorsOf({ collector }: Pick<Settings, 'collector'>): CollectorProcessors {
  const { processors, service } = collectorConfig({
    ...collector,
    // There is no API server.
    kubernetesMetadata: { enabled: false, labels: [], annotations: [] },
    clusterName: '',
    metricsEndpoint: '',
    logsEndpoint: '',
    tracesEndpoint: '',
    dataDir: '/data',
  }) as {
    processors: ConfigObject;
    service: { pipelines: Record<string, { processors: string[] }> };
  };
  const pipelines = Object.entries(service.pipelines).map(
    ([signal, pipeline]) => [signal, pipeline.processors] as const,
  );
  return {
    processors,
    pipelines: Object.fromEntries(pipelines),
    gates: samplingGates(collector.sampling),
  };
}

/** An attribute in OTLP/JSON. */
interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface StoredItem {
  readonly attributes?: readonly KeyValue[];
}

export interface StoredSpan extends StoredItem {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly traceState?: string;
  readonly events?: readonly (StoredItem & { readonly name: string })[];
  readonly status?: { readonly message?: string };
}

export interface StoredLog extends StoredItem {
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface StoredMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly StoredPoint[] };
  readonly gauge?: { readonly dataPoints: readonly StoredPoint[] };
}

export interface StoredPoint extends StoredItem {
  readonly asInt?: string;
  readonly asDouble?: number;
}

/** The telemetry that a collector has written so far. */
export function readStored({ files }: RunningCollector) {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const lines = text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
  const inside = <T>(resources: string, scopes: string, items: string): T[] =>
    lines
      .flatMap((line) => line[resources] ?? [])
      .flatMap((resource) => resource[scopes] ?? [])
      .flatMap((scope) => scope[items] ?? []);
  return {
    text,
    spans: inside<StoredSpan>('resourceSpans', 'scopeSpans', 'spans'),
    logs: inside<StoredLog>('resourceLogs', 'scopeLogs', 'logRecords'),
    metrics: inside<StoredMetric>('resourceMetrics', 'scopeMetrics', 'metrics'),
  };
}

/** Sends a request by OTLP over HTTP. @throws Error if it is refused */
export async function sendOtlp(
  { url }: Pick<RunningCollector, 'url'>,
  signal: 'traces' | 'logs' | 'metrics',
  body: object,
): Promise<void> {
  const response = await fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${signal}: ${response.status} ${await response.text()}`);
}
