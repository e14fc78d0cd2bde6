import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The path of a directory below .build/ for this process alone, which is deleted when it exits. The
 * directory is not created.
 */
export function tempDir(name: string): string {
  const directory = join('.build', `${name}-${process.pid}`);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
