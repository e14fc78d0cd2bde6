import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { collectorConfig } from '../../lib/collector-config.ts';
import { samplingGates } from '../../lib/collector-sampling.ts';
import { type ConfigObject, renderYaml } from '../../lib/config-file.ts';
import type { SettingsInput } from '../../lib/settings.ts';
import { until } from '../../ops/until.ts';
import { settingsOf } from '../synthesized.ts';
import { writeFiles } from './binaries.ts';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** A collector that takes OTLP over HTTP and writes what comes out of it to a file, as JSON. */
export interface RunningCollector {
  readonly url: string;
  /** Lines of OTLP in JSON; not there before the first. */
  readonly file: string;
  /** Ends it in order: what waits is decided upon and written. */
  stop(): Promise<void>;
  /** Ends it as a lost node does. */
  kill(): Promise<void>;
}

/** Starts a collector with these processors, and the pipelines that they make up. `env` is added to ours. */
export async function startCollector(
  program: string,
  { processors, pipelines, gates = [] }: CollectorParts,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningCollector> {
  const endpoint = `127.0.0.1:${await freePort()}`;
  const path = String(writeFiles({ 'collector.yaml': '' })['collector.yaml']);
  const file = join(dirname(path), 'otlp.json');
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    processors,
    exporters: { file: { path: file, flush_interval: '100ms' } },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
      pipelines: Object.fromEntries(
        Object.entries(pipelines).map(([signal, order]) => [
          signal,
          { receivers: ['otlp'], processors: order, exporters: ['file'] },
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
  await until('the collector to listen', () => fetch(`http://${endpoint}/`), {
    timeoutSeconds: 20,
    everyMs: 100,
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url: `http://${endpoint}`,
    file,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

interface CollectorParts {
  readonly processors: ConfigObject;
  readonly pipelines: Readonly<Record<string, readonly string[]>>;
  readonly gates?: readonly string[];
}

/** The parts of the collector that an installation with these settings gets. */
export function partsOf(input: SettingsInput['collector']): CollectorParts {
  const { collector } = settingsOf({ collector: input });
  const { processors, service } = collectorConfig({
    ...collector,
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

/** An attribute as OTLP writes it in JSON. */
interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Item {
  readonly attributes?: readonly KeyValue[];
}

export interface StoredSpan extends Item {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly traceState?: string;
  readonly events?: readonly (Item & { readonly name: string })[];
  readonly status?: { readonly message?: string };
}

export interface StoredLog extends Item {
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface StoredMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly StoredPoint[] };
  readonly gauge?: { readonly dataPoints: readonly StoredPoint[] };
}

export interface StoredPoint extends Item {
  readonly asInt?: string;
  readonly asDouble?: number;
}

/** What came out of a collector so far. */
export function readStored({ file }: RunningCollector) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
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

/** Sends a request; a collector that does not take it is an error. */
export async function sendOtlp(
  { url }: RunningCollector,
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
