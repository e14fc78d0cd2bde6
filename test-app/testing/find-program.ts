import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Finds a program on PATH or in the directories of MANTIS_BIN.
 *
 * @returns its path, or undefined if it is not installed
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
