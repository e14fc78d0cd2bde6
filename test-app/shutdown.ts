import type { Server } from 'node:http';
import type { Logger } from 'winston';

/** Together below the 30 s that Kubernetes grants by default. */
const drainLimitMs = 10_000;
const flushLimitMs = 5_000;

/**
 * Ends the process on SIGTERM and SIGINT: serve what has begun, send what is buffered, exit 0.
 * Neither a client that holds on to its connection nor a collector that is away can delay it
 * beyond the limits. A second signal ends it at once.
 */
export function shutDownOnSignal(server: Server, logger: Logger, flush: () => Promise<void>): void {
  let stopping = false;

  // A busy keep-alive connection never gets idle; it has to be told.
  server.prependListener('request', (_request, response) => {
    if (stopping) response.setHeader('connection', 'close');
  });

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    await Promise.race([closed(server), after(drainLimitMs)]);
    server.closeAllConnections();
    await Promise.race([flush().catch(reportLoss), after(flushLimitMs)]);
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Resolves when the last connection is gone; idle ones are closed at once. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** On stderr, as the logger's own way out has just failed. */
function reportLoss(error: unknown): void {
  console.error(`telemetry not sent before the exit: ${error}`);
}
