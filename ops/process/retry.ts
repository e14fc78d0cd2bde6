import {
  ConstantBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { messageOf, UserError } from './errors.ts';

export interface RetryOptions {
  readonly timeoutSeconds: number;
  /** @default 1000 */
  readonly everyMs?: number;
}

/** Says that the condition does not hold yet, and what was seen instead. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/** Thrown by a probe that knows that waiting is of no use; ends the wait at once. */
export class GiveUp extends UserError {
  override readonly name: string = 'GiveUp';
}

/**
 * Asks again until the probe gives an answer. A probe that throws is asked again, as connections
 * fail while things start; only GiveUp ends the wait at once.
 *
 * @param what the awaited condition, for the message when time is up
 */
export async function retryUntil<T>(
  what: string,
  probe: () => Promise<T>,
  { timeoutSeconds, everyMs = 1000 }: RetryOptions,
): Promise<T> {
  let last = 'nothing was seen';
  const again = retry(
    handleWhen((error) => !(error instanceof GiveUp)),
    { maxAttempts: Number.MAX_SAFE_INTEGER, backoff: new ConstantBackoff(everyMs) },
  );
  again.onFailure(({ reason }) => {
    if ('error' in reason && !(reason.error instanceof TaskCancelledError)) {
      last = messageOf(reason.error);
    }
  });
  try {
    return await wrap(timeout(timeoutSeconds * 1000, TimeoutStrategy.Aggressive), again).execute(
      probe,
    );
  } catch (error) {
    if (!(error instanceof TaskCancelledError)) throw error;
    throw new UserError(`${what}: not so after ${timeoutSeconds} s; last seen: ${last}`);
  }
}
