import { GiveUp, NotYet, retryUntil } from './retry.ts';

const fast = { timeoutSeconds: 5, everyMs: 1 };

test('asks until there is an answer', async () => {
  let asked = 0;
  const answer = await retryUntil(
    'an answer',
    async () => {
      asked += 1;
      if (asked < 3) throw new NotYet('nothing');
      return asked;
    },
    fast,
  );
  expect(answer).toBe(3);
});

test('says what was waited for and what was seen last when time is up', async () => {
  const waiting = retryUntil(
    'loki ready',
    async () => {
      throw new NotYet('1 of 2 pods');
    },
    { timeoutSeconds: 0.05, everyMs: 5 },
  );
  await expect(waiting).rejects.toThrow('loki ready: not so after 0.05 s; last seen: 1 of 2 pods');
});

test('also ends when a probe never answers', async () => {
  const waiting = retryUntil('an answer', () => new Promise(() => {}), { timeoutSeconds: 0.05 });
  await expect(waiting).rejects.toThrow('an answer: not so after 0.05 s');
});

test('ends at once when a probe gives up', async () => {
  const waiting = retryUntil(
    'loki ready',
    async () => {
      throw new GiveUp('the image does not exist');
    },
    { timeoutSeconds: 60 },
  );
  await expect(waiting).rejects.toThrow('the image does not exist');
});
