import { setTimeout } from 'node:timers/promises';
import { Interrupted, runInterruptible } from './interruptible.ts';
import { retryUntil } from './retry.ts';
import { run } from './run.ts';

const node = (script: string) => run(process.execPath, ['-e', script]);

test('work that is not interrupted completes', async () => {
  const { signal } = new AbortController();
  expect(await runInterruptible(signal, async () => `${await node('console.log(1)')}done`)).toBe(
    '1\ndone',
  );
});

test('a running program is waited for, and the next is not started', async () => {
  const controller = new AbortController();
  const ended: string[] = [];
  const work = runInterruptible(controller.signal, async () => {
    ended.push(await node('setTimeout(() => console.log("first"), 300)'));
    ended.push(await node('console.log("second")'));
  });
  await setTimeout(50);
  controller.abort(new Interrupted('enough'));
  await expect(work).rejects.toThrow('enough');
  expect(ended).toEqual(['first\n']);
  await setTimeout(300);
  expect(ended).toEqual(['first\n']);
});

test('an interrupt ends retries', async () => {
  const controller = new AbortController();
  let calls = 0;
  const probe = async () => {
    calls += 1;
    await node('process.exit(1)');
  };
  const work = runInterruptible(controller.signal, () =>
    retryUntil('what never comes', probe, { timeoutSeconds: 60, intervalMs: 10 }),
  );
  await setTimeout(100);
  controller.abort(new Interrupted('enough'));
  await expect(work).rejects.toThrow(Interrupted);
  const before = calls;
  await setTimeout(200);
  expect(calls).toBeLessThanOrEqual(before + 1);
});

test('programs outside of the interrupted work are not affected', async () => {
  const controller = new AbortController();
  controller.abort(new Interrupted('enough'));
  await expect(runInterruptible(controller.signal, () => node(''))).rejects.toThrow('enough');
  expect(await node('console.log("still")')).toBe('still\n');
});
