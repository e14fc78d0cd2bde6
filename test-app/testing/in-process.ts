import { createServer, type Server } from 'node:http';
import { Writable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { transports } from 'winston';
import { createApp } from '../app.ts';
import type { Environment } from '../config/environment.ts';
import { type RoleName, readerOf } from '../config/variables.ts';
import { Faults } from '../faults/faults.ts';
import { injectFaults } from '../faults/inject.ts';
import type { Routes } from '../http/request.ts';
import { createRole } from '../roles.ts';
import { createRandom } from '../simulation/random.ts';
import { consoleFormat, createLogger, type LogLevel } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** A role in the process of the test, without OpenTelemetry's instrumentations. */
export interface Served {
  readonly url: string;
  /** The console log lines. */
  readonly lines: LogLine[];
  readonly faults: Faults;
  /** Abort it to simulate SIGTERM. */
  readonly stopping: AbortController;
  readonly routes: readonly Routes[];
  /** The metrics recorded so far, by name. */
  metrics(): Promise<ReadonlyMap<string, MetricData>>;
  /** The value of one series, undefined if there is none. */
  value(name: string, labels?: Readonly<Record<string, unknown>>): Promise<unknown>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** A request that sends JSON. */
  post(path: string, body: unknown): Promise<Response>;
}

const servers: Server[] = [];
const stops: (() => Promise<void>)[] = [];

/** No delays, and a seed with which the provider approves. */
const defaults = { DELAY_FACTOR: '0', SEED: '1' };

export async function serve(
  role: RoleName,
  env: Environment = {},
  level: LogLevel = 'info',
): Promise<Served> {
  const { logger, lines } = capturingLogger(level);
  const { meter, collect } = inMemoryMeter();
  const metrics = createMetrics(meter);
  const read = readerOf({ ...defaults, ...env });
  const random = createRandom(read('SEED'), read('DELAY_FACTOR'));
  const faults = new Faults(logger, metrics);
  const stopping = new AbortController();
  const props = { read, logger, metrics, faults, random, stopping: stopping.signal };
  const { routes, stop } = await createRole(role, props);
  if (stop) stops.push(stop);
  stops.push(async () => faults.stopAll());
  const app = createApp({ routes, logger, metrics, before: injectFaults(faults, random) });
  const url = await listen(app.listen(0));
  return {
    url,
    lines,
    faults,
    stopping,
    routes,
    metrics: collect,
    async value(name, labels = {}) {
      const points: { attributes: Record<string, unknown>; value: unknown }[] =
        (await collect()).get(name)?.dataPoints ?? [];
      return points.find(({ attributes }) => isDeepStrictEqual({ ...attributes }, labels))?.value;
    },
    get: (path, headers) => fetch(`${url}${path}`, { headers }),
    post: (path, body) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** All roles, each with the URLs of the others. */
export async function serveAll(): Promise<Record<RoleName, Served>> {
  const payments = await serve('payments');
  const orders = await serve('orders', { PAYMENTS_URL: payments.url });
  const inventory = await serve('inventory', { ORDERS_URL: orders.url });
  const urls = { ORDERS_URL: orders.url, INVENTORY_URL: inventory.url };
  return { payments, orders, inventory, shop: await serve('shop', urls) };
}

/** An HTTP server that always returns this response. */
export function answering(status: number, body: unknown): Promise<string> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return listen(
    createServer((_request, response) => response.writeHead(status).end(text)).listen(0),
  );
}

export async function listen(server: Server): Promise<string> {
  servers.push(server);
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** A URL on which nothing listens. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  const url = await listen(server.listen(0));
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** For `afterAll`. */
export async function closeServers(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export function capturingLogger(level: LogLevel = 'info') {
  const lines: LogLine[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const output = new transports.Stream({ stream, format: consoleFormat });
  return { logger: createLogger(level, [output]), lines };
}

export function inMemoryMeter() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const collect = async () => {
    const { resourceMetrics } = await reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(all.map((metric) => [metric.descriptor.name, metric]));
  };
  return { meter: provider.getMeter('test'), collect };
}
