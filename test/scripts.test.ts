import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

/** Each script, and the command that it calls. */
const scripts = [
  ['health-check', 'doctor'],
  ['deploy', 'deploy'],
  ['undeploy', 'undeploy'],
] as const;

/** From another directory: a script must find its repository. */
const run = (program: string, args: readonly string[], cwd = tmpdir()) =>
  spawnSync(program, args, { cwd, encoding: 'utf8' });

const options = (help: string) => [...new Set(help.match(/--[a-z][a-z-]*/g))].sort();

test.each(scripts)('the help of scripts/%s.sh has every option of mantis %s', (script, command) => {
  const { status, stdout } = run(resolve(`scripts/${script}.sh`), ['--help']);
  expect(status).toBe(0);
  const cli = run(process.execPath, ['--import', 'tsx', 'ops/cli.ts', command, '--help'], '.');
  expect(options(stdout)).toEqual(options(cli.stdout).filter((option) => option !== '--help'));
});

test('a script passes its options on, and its exit code is the verdict', () => {
  const { status, stderr } = run(resolve('scripts/health-check.sh'), ['--no-such-option']);
  expect(stderr).toContain("unknown option '--no-such-option'");
  expect(status).toBe(1);
});
