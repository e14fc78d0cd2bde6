import { constants } from 'node:os';

type Handler = (signal: NodeJS.Signals) => void;

/** Unlike the default action of a signal, this runs the exit handlers. */
const exitOnSignal: Handler = (signal) => process.exit(exitCodeOf(signal));

let handler = exitOnSignal;

/** The exit code that a shell reports for a program terminated by a signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Exits on SIGINT, SIGTERM and SIGHUP, unless withSignalHandler is in effect. */
export function installSignalHandlers(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => handler(signal));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      // The reader of the output may exit early, as `head` does, or the terminal may be closed. That
      // ends a command, except while a signal handler protects a change of the cluster.
      if (handler === exitOnSignal) process.exit();
    });
  }
}

export async function withSignalHandler<T>(next: Handler, work: () => Promise<T>): Promise<T> {
  const previous = handler;
  handler = next;
  try {
    return await work();
  } finally {
    handler = previous;
  }
}
