import { AsyncLocalStorage } from 'node:async_hooks';
import { GiveUp } from './retry.ts';

/** Says that work ended because somebody wanted it to; no wait outlasts it. */
export class Interrupted extends GiveUp {
  override readonly name = 'Interrupted';
  /** What the program ends with. */
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
 * Does some work until a signal ends it. Programs that it runs at that moment come to their end, as
 * half an apply is worse than a whole one; it starts no more.
 *
 * @throws the reason of the signal
 */
export async function interruptible<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
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

/** Starts a program as part of the work that is under way, if that may still go on. */
export function partOfWork<T>(start: () => Promise<T>): Promise<T> {
  const scope = scopes.getStore();
  if (scope === undefined) return start();
  scope.signal.throwIfAborted();
  const running = start();
  scope.running.add(running);
  const forget = () => scope.running.delete(running);
  running.then(forget, forget);
  return running;
}

/**
 * Whether a program has to be kept from the terminal's own Ctrl-C, which goes to all that run in the
 * foreground: what becomes of it is ours to say.
 */
export function isInterruptible(): boolean {
  return scopes.getStore() !== undefined;
}
