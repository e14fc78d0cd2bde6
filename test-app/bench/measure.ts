import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { path, role, type Variant } from './variants.ts';

/** What one run of one variant cost. */
export interface Cost {
  /** CPU of the process for one request, in microseconds. */
  readonly cpuPerRequest: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time until it listens, in milliseconds. */
  readonly startCpu: number;
  readonly startRss: number;
  readonly rss: number;
}

interface Usage {
  readonly cpu: NodeJS.CpuUsage;
  readonly rss: number;
}

export interface Load {
  readonly requests: number;
  /** Requests per second, the same for all variants, so that latencies are comparable. */
  readonly rate: number;
}

/** Node runs TypeScript from 22.18 on; older versions need tsx. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runsTypeScript = major > 22 || (major === 22 && minor >= 18);

/** Starts the app in one variant, sends requests, and stops it. */
export async function measure(variant: Variant, endpoint: string, load: Load): Promise<Cost> {
  const child = start(variant, endpoint);
  try {
    const url = `http://127.0.0.1:${await listeningPort(child)}${path}`;
    const started = await usage(child);
    // Warm-up: compiled code, open connections and telemetry in the pipeline.
    await sendLoad(url, { ...load, requests: Math.ceil(load.requests / 2) });
    const before = await usage(child);
    const { latency } = await sendLoad(url, load);
    const after = await usage(child);
    return {
      cpuPerRequest: (total(after.cpu) - total(before.cpu)) / load.requests,
      p50: latency.p50,
      p99: latency.p99,
      startCpu: total(started.cpu) / 1000,
      startRss: started.rss,
      rss: after.rss,
    };
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

function start({ nodeArgs, env }: Variant, endpoint: string): ChildProcess {
  const typescript = runsTypeScript ? [] : ['--import=tsx'];
  const args = [...typescript, '--import=./bench/report-usage.ts', ...nodeArgs, 'server.ts'];
  return spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, '..'),
    env: {
      PATH: process.env.PATH,
      ...role,
      PORT: '0',
      ADMIN_PORT: '0',
      OTEL_SERVICE_NAME: 'bench',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      // Short enough for every run.
      OTEL_METRIC_EXPORT_INTERVAL: '3000',
      OTEL_METRIC_EXPORT_TIMEOUT: '3000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
}

/** Reads the port from the log; later lines are read and discarded. */
function listeningPort(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the app has no output');
  return new Promise((resolve, reject) => {
    createInterface(stdout).on('line', (line) => {
      if (!line.includes('"listening"')) return;
      resolve(JSON.parse(line).port);
    });
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}`)));
  });
}

async function usage(child: ChildProcess): Promise<Usage> {
  child.send('usage');
  const [answer] = await once(child, 'message');
  return answer;
}

async function sendLoad(url: string, { requests, rate }: Load) {
  const result = await autocannon({ url, connections: 8, amount: requests, overallRate: rate });
  if (result['2xx'] !== requests) throw new Error(`only ${result['2xx']} of ${requests} succeeded`);
  return result;
}

function total({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}
