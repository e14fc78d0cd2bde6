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
  readonly intervalMs?: number;
}

/** Thrown by a probe whose condition is not met yet; the message says what was seen instead. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
}

/** Thrown by a probe whose condition cannot be met any more; ends the retries. */
export class PermanentError extends UserError {
  override readonly name: string = 'PermanentError';
}

/**
 * Calls a probe until it succeeds. Every error is retried, as connections fail while pods start;
 * only PermanentError ends the retries.
 *
 * @param what the awaited condition, for the message of the timeout
 * @throws UserError after the timeout
 */
export async function retryUntil<T>(
  what: string,
  probe: () => Promise<T>,
  { timeoutSeconds, intervalMs = 1000 }: RetryOptions,
): Promise<T> {
  let last = 'nothing';
  const policy = retry(
    handleWhen((error) => !(error instanceof PermanentError)),
    { maxAttempts: Number.MAX_SAFE_INTEGER, backoff: new ConstantBackoff(intervalMs) },
  );
  policy.onFailure(({ reason }) => {
    if ('error' in reason && !(reason.error instanceof TaskCancelledError)) {
      last = messageOf(reason.error);
    }
  });
  try {
    return await wrap(timeout(timeoutSeconds * 1000, TimeoutStrategy.Aggressive), policy).execute(
      probe,
    );
  } catch (error) {
    if (!(error instanceof TaskCancelledError)) throw error;
    throw new UserError(`${what}: timed out after ${timeoutSeconds} s; last seen: ${last}`);
  }
}
