import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

const all = [
  'mantis',
  ...readdirSync('scripts')
    .filter((name) => name.endsWith('.sh') && name !== 'common.sh')
    .map((name) => `scripts/${name}`),
];

/** Scripts that wrap one command of mantis. */
const commandScripts = [
  ['health-check', 'doctor'],
  ['deploy', 'deploy'],
  ['undeploy', 'undeploy'],
  ['backup', 'backup'],
  ['restore', 'restore'],
] as const;

/** Runs from another directory: a script must find its repository. */
const run = (program: string, args: readonly string[], cwd = tmpdir()) =>
  spawnSync(program, args, { cwd, encoding: 'utf8' });

test.each(all)('%s --help works from any directory', (script) => {
  const { status, stdout } = run(resolve(script), ['--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('\n');
});

test.each(all)('%s has no shellcheck warnings', (script) => {
  const { error, stdout } = run('shellcheck', ['--external-sources', script], '.');
  if (error !== undefined) {
    console.warn(`shellcheck is not on PATH: ${script} is not checked`);
    return;
  }
  expect(stdout).toBe('');
});

test.each(commandScripts)('scripts/%s.sh --help is that of mantis %s', (script, command) => {
  const { stdout } = run(resolve('mantis'), [command, '--help']);
  expect(run(resolve(`scripts/${script}.sh`), ['--help'])).toMatchObject({ status: 0, stdout });
});

test('the help of a group has the options of the command that it stands for', () => {
  const { stdout } = run(resolve('scripts/backup.sh'), ['--help']);
  expect(stdout).toContain('--keep');
  expect(stdout).toContain('--s3');
});

test('a script passes on its options and the exit code', () => {
  const { status, stderr } = run(resolve('scripts/health-check.sh'), ['--no-such-option']);
  expect(stderr).toContain("unknown option '--no-such-option'");
  expect(status).toBe(1);
});
