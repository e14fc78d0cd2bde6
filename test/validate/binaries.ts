import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/**
 * A component's own program: on PATH, or in a directory that MANTIS_BIN names.
 *
 * @returns its path, or undefined where it is not on this machine
 */
export function findBinary(name: string): string | undefined {
  const directories = [process.env.MANTIS_BIN, process.env.PATH].join(delimiter).split(delimiter);
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const missing = new Set<string>();

/**
 * Tests that need a program. Without it they count as skipped, by a name that says so, and a line
 * on standard error says it again.
 */
export function withBinary(name: string, tests: (run: (...args: string[]) => string) => void) {
  const path = findBinary(name);
  if (path === undefined) {
    const message = `${name} is neither on PATH nor in MANTIS_BIN: its configuration is not checked`;
    if (!missing.has(name)) process.stderr.write(`SKIPPED: ${message}\n`);
    missing.add(name);
    test.skip(message, () => {});
    return;
  }
  tests((...args) => {
    const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' });
    // A last line in one form for all programs, so that a test can ask for "exit 0".
    return `${stdout}${stderr}\nexit ${status}`;
  });
}

/** Writes files into a new directory; gives their paths. */
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
