import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

const scripts = readdirSync('scripts')
  .filter((name) => name.endsWith('.sh'))
  .map((name) => `scripts/${name}`);

test.each(scripts)('%s --help says how it is used, from any directory', (script) => {
  const { status, stdout } = spawnSync(resolve(script), ['--help'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('\n');
});

test.each(scripts)('%s has nothing that shellcheck warns of', (script) => {
  const { error, stdout } = spawnSync('shellcheck', [script], { encoding: 'utf8' });
  if (error !== undefined) {
    console.warn(`shellcheck is not on PATH: ${script} is not checked`);
    return;
  }
  expect(stdout).toBe('');
});
