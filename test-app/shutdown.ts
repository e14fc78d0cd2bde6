import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'winston';
import { flushTelemetry } from './flush.ts';

/** Together with the drain below the 30 s that Kubernetes grants by default. */
const closeLimitMs = 10_000;
const flushLimitMs = 5_000;

export interface ShutdownProps {
  readonly servers: readonly Server[];
  readonly logger: Logger;
  /** Aborted at the first signal. */
  readonly stopping: AbortController;
  /** How long requests are still accepted, for those that were sent before word got round. */
  readonly drainSeconds: number;
  /** Ends what goes on beside requests. */
  stopWork(): Promise<void>;
}

/**
 * Ends the process on SIGTERM and SIGINT: serve what comes while it drains and what has begun, send
 * what is buffered, exit 0. Neither a client that holds on to its connection nor a collector that
 * is away can delay it beyond the limits. A second signal ends it at once.
 */
export function shutDownOnSignal(props: ShutdownProps): void {
  const { servers, logger, stopping, drainSeconds, stopWork } = props;

  // A busy keep-alive connection never gets idle; it has to be told.
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

/** A bug outside of any request: said as severely as there is, and the process starts afresh. */
export function exitOnCrash(logger: Logger): void {
  const crash = async (err: unknown): Promise<void> => {
    logger.log('fatal', `crashed: ${err instanceof Error ? err.message : err}`, { err });
    await flushInTime();
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

/** Resolves when the last connection is gone; idle ones are closed at once. */
function closing(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A failure goes to stderr, as the logger's own way out has just failed. */
function flushInTime(): Promise<void> {
  const flushed = flushTelemetry().catch((error) => {
    console.error(`telemetry not sent before the exit: ${error}`);
  });
  return Promise.race([flushed, sleep(flushLimitMs)]);
}
