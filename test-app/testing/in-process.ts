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
import type { Environment } from '../environment.ts';
import { Faults } from '../faults/faults.ts';
import { injectFaults } from '../faults/inject.ts';
import { consoleFormat, createLogger, type LogLevel } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { createRandom } from '../random.ts';
import type { Routes } from '../request.ts';
import { makeRole } from '../roles.ts';
import { type RoleName, readerOf } from '../variables.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** A role served inside the test's own process, without OpenTelemetry's instrumentations. */
export interface Served {
  readonly url: string;
  /** What the console would show. */
  readonly lines: LogLine[];
  readonly faults: Faults;
  /** Aborted by a test that wants to see what a process does that is told to stop. */
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

/** Without delays, and with a provider that approves: seed 1 is a lucky one. */
const calm = { DELAY_FACTOR: '0', SEED: '1' };

export async function serve(
  role: RoleName,
  env: Environment = {},
  level: LogLevel = 'info',
): Promise<Served> {
  const { logger, lines } = capturingLogger(level);
  const { meter, collect } = inMemoryMeter();
  const metrics = createMetrics(meter);
  const read = readerOf({ ...calm, ...env });
  const random = createRandom(read('SEED'), read('DELAY_FACTOR'));
  const faults = new Faults(logger, metrics);
  const stopping = new AbortController();
  const parts = { read, logger, metrics, faults, random, stopping: stopping.signal };
  const { routes, stop } = await makeRole(role, parts);
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

/** The whole shop, each role wired to those that it calls. */
export async function serveAll(): Promise<Record<RoleName, Served>> {
  const payments = await serve('payments');
  const orders = await serve('orders', { PAYMENTS_URL: payments.url });
  const inventory = await serve('inventory', { ORDERS_URL: orders.url });
  const urls = { ORDERS_URL: orders.url, INVENTORY_URL: inventory.url };
  return { payments, orders, inventory, shop: await serve('shop', urls) };
}

/** An HTTP server that answers everything in one way, as a role that is not there for real. */
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

/** Where nothing listens. */
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
