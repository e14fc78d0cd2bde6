import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../../test-app/testing/find-program.ts';

const missing = new Set<string>();

/**
 * Defines tests that need a program. Without it one skipped test and a line on stderr say so.
 */
export function withBinary(
  name: string,
  tests: (run: (...args: string[]) => string, path: string) => void,
) {
  const path = findProgram(name);
  if (path === undefined) {
    const message = `${name} is neither on PATH nor in MANTIS_BIN: its configuration is not checked`;
    if (!missing.has(name)) process.stderr.write(`SKIPPED: ${message}\n`);
    missing.add(name);
    test.skip(message, () => {});
    return;
  }
  tests((...args) => {
    const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' });
    // The same last line for all programs, so that a test can look for "exit 0".
    return `${stdout}${stderr}\nexit ${status}`;
  }, path);
}

/** Writes files to a new directory. @returns their paths by name */
export function writeFiles(files: Readonly<Record<string, string>>): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return [name, path];
    }),
  );
}
