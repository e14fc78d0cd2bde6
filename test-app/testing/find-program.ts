import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * A program that a test needs: on PATH, or in a directory that MANTIS_BIN names.
 *
 * @returns its path, or undefined where it is not on this machine
 */
export function findProgram(name: string): string | undefined {
  const directories = [process.env.MANTIS_BIN, process.env.PATH].join(delimiter).split(delimiter);
  return directories
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
