import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, run } from './run.ts';
import { tools } from './tools.ts';

const node = (script: string) => run(process.execPath, ['-e', script]);

test('the result is what the program prints', async () => {
  expect(await node('console.log("hello")')).toBe('hello\n');
});

test('the input is passed to standard input', async () => {
  expect(await run('cat', [], { input: 'kind: Cluster' })).toBe('kind: Cluster');
});

test('a program that does not read its input succeeds if its exit code is 0', async () => {
  await run('true', [], { input: 'x'.repeat(1_000_000) });
});

test('an error has the command, its exit code and the last lines of its output', async () => {
  const failing = run('bash', ['-c', 'seq 20 >&2; echo reason >&2; exit 3']);
  await expect(failing).rejects.toThrow(CommandError);
  await expect(failing).rejects.toThrow(/^bash .* failed with exit code 3: .*\n.*reason$/s);
  await expect(failing).rejects.not.toThrow(/^\s*1$/m);
});

test('context, namespace and flags are left out of the command in an error', async () => {
  const failing = new CommandError(
    'kubectl',
    ['--context', 'kind-mantis', '--namespace', 'x', 'get', 'pods', '-o', 'json'],
    1,
    'no',
  );
  expect(failing.message).toBe('kubectl get pods failed with exit code 1: no');
});

test.each(tools)('without $name on PATH the error says where to get it', async (tool) => {
  const missing = run(tool.name, [], { env: { PATH: '/nowhere' } });
  await expect(missing).rejects.toThrow(
    `${tool.name} is not on PATH: install it (${tool.install}) and run the command again`,
  );
});

test('running programs are ended when this process exits', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'late');
  const program = `
    import { run } from ${JSON.stringify(resolve('ops/process/run.ts'))};
    run('sh', ['-c', 'sleep 1; touch ${file}']).catch(() => {});
    setTimeout(() => process.exit(7), 200);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  await expect(run(process.execPath, args)).rejects.toThrow('exit code 7');
  await sleep(1500);
  expect(existsSync(file)).toBe(false);
});
