import { createServer, type Server } from 'node:http';
import { Writable } from 'node:stream';
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
import { consoleFormat, createLogger, type LogLevel } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { type RoleName, routesOf } from '../roles.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** A role served inside the test's own process, without OpenTelemetry's instrumentations. */
export interface Served {
  readonly url: string;
  /** What the console would show. */
  readonly lines: LogLine[];
  /** The metrics recorded so far, by name. */
  metrics(): Promise<ReadonlyMap<string, MetricData>>;
  /** A request that sends JSON. */
  post(path: string, body: unknown): Promise<Response>;
}

const servers: Server[] = [];

export async function serve(
  role: RoleName,
  env: Environment = {},
  level: LogLevel = 'info',
): Promise<Served> {
  const { logger, lines } = capturingLogger(level);
  const { meter, collect } = inMemoryMeter();
  const metrics = createMetrics(meter);
  const app = createApp(routesOf(role, { env, logger, metrics }), logger, metrics);
  const url = await listen(app.listen(0));
  return {
    url,
    lines,
    metrics: collect,
    post: (path, body) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** Both roles, the shop wired to the orders. */
export async function serveBoth(): Promise<{ shop: Served; orders: Served }> {
  const orders = await serve('orders');
  return { orders, shop: await serve('shop', { ORDERS_URL: orders.url }) };
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
