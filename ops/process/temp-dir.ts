import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A directory below .build/ that no other run of a command writes to, and that is gone after this
 * one. It is not made here.
 */
export function tempDir(name: string): string {
  const directory = join('.build', `${name}-${process.pid}`);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
