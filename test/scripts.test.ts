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
] as const;

/** Runs from another directory: a script must find its repository. */
const run = (program: string, args: readonly string[], cwd = tmpdir()) =>
  spawnSync(program, args, { cwd, encoding: 'utf8' });

const options = (help: string) => [...new Set(help.match(/--[a-z][a-z-]*/g))].sort();

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

test.each(commandScripts)(
  'the help of scripts/%s.sh has every option of mantis %s',
  (script, command) => {
    const { status, stdout } = run(resolve(`scripts/${script}.sh`), ['--help']);
    expect(status).toBe(0);
    const cli = run(process.execPath, ['--import', 'tsx', 'ops/cli.ts', command, '--help'], '.');
    expect(options(stdout)).toEqual(options(cli.stdout).filter((option) => option !== '--help'));
  },
);

test('a script passes on its options and the exit code', () => {
  const { status, stderr } = run(resolve('scripts/health-check.sh'), ['--no-such-option']);
  expect(stderr).toContain("unknown option '--no-such-option'");
  expect(status).toBe(1);
});
