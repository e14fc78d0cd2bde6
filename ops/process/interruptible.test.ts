import { setTimeout } from 'node:timers/promises';
import { Interrupted, interruptible } from './interruptible.ts';
import { retryUntil } from './retry.ts';
import { run } from './run.ts';

const node = (script: string) => run(process.execPath, ['-e', script]);

test('work that nobody interrupts is done', async () => {
  const { signal } = new AbortController();
  expect(await interruptible(signal, async () => `${await node('console.log(1)')}done`)).toBe(
    '1\ndone',
  );
});

test('a program that runs comes to its end, and the next is not started', async () => {
  const controller = new AbortController();
  const ended: string[] = [];
  const work = interruptible(controller.signal, async () => {
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

test('no wait outlasts it', async () => {
  const controller = new AbortController();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    await node('process.exit(1)');
  };
  const work = interruptible(controller.signal, () =>
    retryUntil('what never comes', ask, { timeoutSeconds: 60, everyMs: 10 }),
  );
  await setTimeout(100);
  controller.abort(new Interrupted('enough'));
  await expect(work).rejects.toThrow(Interrupted);
  const then = asked;
  await setTimeout(200);
  expect(asked).toBeLessThanOrEqual(then + 1);
});

test('what is run elsewhere is not part of it', async () => {
  const controller = new AbortController();
  controller.abort(new Interrupted('enough'));
  await expect(interruptible(controller.signal, () => node(''))).rejects.toThrow('enough');
  expect(await node('console.log("still")')).toBe('still\n');
});
