import { AsyncLocalStorage } from 'node:async_hooks';
import { PermanentError } from './retry.ts';

/** Work was interrupted by a signal, or because the lock was lost. Ends every retry. */
export class Interrupted extends PermanentError {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

interface Scope {
  readonly signal: AbortSignal;
  readonly running: Set<Promise<unknown>>;
}

const scopes = new AsyncLocalStorage<Scope>();

/**
 * Runs work that an abort signal can interrupt. Programs that are running then are waited for, so
 * that no `kubectl apply` ends halfway; no further program is started.
 *
 * @throws the reason of the signal
 */
export async function runInterruptible<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const scope: Scope = { signal, running: new Set() };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([scopes.run(scope, work), aborted]);
  } finally {
    await Promise.allSettled(scope.running);
  }
}

/** Starts a program and, inside of runInterruptible, registers it as running. */
export function trackRunning<T>(start: () => Promise<T>): Promise<T> {
  const scope = scopes.getStore();
  if (scope === undefined) return start();
  scope.signal.throwIfAborted();
  const running = start();
  scope.running.add(running);
  const remove = () => scope.running.delete(running);
  running.then(remove, remove);
  return running;
}

/**
 * Whether the caller runs inside of runInterruptible. Programs have to be detached then: the terminal
 * sends Ctrl-C to every process in the foreground, and theirs is handled by this program.
 */
export function isInterruptible(): boolean {
  return scopes.getStore() !== undefined;
}
