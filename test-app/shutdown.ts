import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'winston';
import { flushTelemetry } from './telemetry/flush.ts';

/** With the drain time below 30 s, the default grace period of Kubernetes. */
const closeLimitMs = 10_000;
const flushLimitMs = 5_000;

export interface ShutdownProps {
  readonly servers: readonly Server[];
  readonly logger: Logger;
  /** Aborted at the first signal. */
  readonly stopping: AbortController;
  /** How long requests are still accepted, until no endpoint list has this pod any more. */
  readonly drainSeconds: number;
  /** Ends background work. */
  stopWork(): Promise<void>;
}

/**
 * Shuts down on SIGTERM and SIGINT: serves requests while it drains, finishes those that have begun,
 * flushes telemetry, exits with 0. Open connections and an unreachable collector delay it up to the
 * limits only. A second signal ends it at once.
 */
export function shutDownOnSignal(props: ShutdownProps): void {
  const { servers, logger, stopping, drainSeconds, stopWork } = props;

  // A busy keep-alive connection never becomes idle, so its client is told to close it.
  for (const server of servers) {
    server.prependListener('request', (_request, response) => {
      if (stopping.signal.aborted) response.setHeader('connection', 'close');
    });
  }

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    logger.info('stopping', { signal });
    await sleep(drainSeconds * 1000);
    const closed = Promise.all(servers.map(closing)).then(stopWork);
    await Promise.race([closed, sleep(closeLimitMs)]);
    for (const server of servers) server.closeAllConnections();
    await flushInTime();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Logs an error outside of a request as fatal and exits, so that the container restarts. */
export function exitOnCrash(logger: Logger): void {
  const crash = async (err: unknown): Promise<void> => {
    logger.log('fatal', `crashed: ${err instanceof Error ? err.message : err}`, { err });
    await flushInTime();
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

/** Resolves when the last connection is closed; idle ones are closed at once. */
function closing(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Writes a failure to stderr, because the logger's own exporter has failed. */
function flushInTime(): Promise<void> {
  const flushed = flushTelemetry().catch((error) => {
    console.error(`telemetry not sent before the exit: ${error}`);
  });
  return Promise.race([flushed, sleep(flushLimitMs)]);
}
