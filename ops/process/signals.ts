import { constants } from 'node:os';

type Handler = (signal: NodeJS.Signals) => void;

/** An exit, unlike the default of a signal, closes the connections that are still open. */
const leave: Handler = (signal) => process.exit(exitCodeOf(signal));

let handler = leave;

/** What a shell says of a program that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Ends the program by a signal, unless work that is under way has its own answer to it. */
export function listenToSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => handler(signal));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      // Whoever reads our output may stop early, as `head` does, and a terminal may be closed: that
      // ends a command, but never in the middle of a change.
      if (handler === leave) process.exit();
    });
  }
}

/** Does some work with an own answer to signals. */
export async function withSignals<T>(own: Handler, work: () => Promise<T>): Promise<T> {
  const before = handler;
  handler = own;
  try {
    return await work();
  } finally {
    handler = before;
  }
}
