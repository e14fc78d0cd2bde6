import { PermanentError, RetryLater, retryUntil } from './retry.ts';

const fast = { timeoutSeconds: 5, intervalMs: 1 };

test('a probe is retried until it succeeds', async () => {
  let calls = 0;
  const answer = await retryUntil(
    'an answer',
    async () => {
      calls += 1;
      if (calls < 3) throw new RetryLater('nothing');
      return calls;
    },
    fast,
  );
  expect(answer).toBe(3);
});

test('a timeout names the awaited condition and what was seen last', async () => {
  const waiting = retryUntil(
    'loki ready',
    async () => {
      throw new RetryLater('1 of 2 pods');
    },
    { timeoutSeconds: 0.05, intervalMs: 5 },
  );
  await expect(waiting).rejects.toThrow(
    'loki ready: timed out after 0.05 s; last seen: 1 of 2 pods',
  );
});

test('a probe that never returns times out too', async () => {
  const waiting = retryUntil('an answer', () => new Promise(() => {}), { timeoutSeconds: 0.05 });
  await expect(waiting).rejects.toThrow('an answer: timed out after 0.05 s');
});

test('a permanent error ends the retries', async () => {
  const waiting = retryUntil(
    'loki ready',
    async () => {
      throw new PermanentError('the image does not exist');
    },
    { timeoutSeconds: 60 },
  );
  await expect(waiting).rejects.toThrow('the image does not exist');
});
