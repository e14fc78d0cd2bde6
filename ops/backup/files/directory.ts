import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../process/errors.ts';

/** In the working directory; it is in .gitignore. */
export const defaultDirectory = 'backups';

const namePattern = /^mantis-\d{8}T\d{6}Z$/;
/** Suffix of the directory until the backup is complete. */
export const partialSuffix = '.partial';

/** A name that sorts by time and is a file name everywhere. */
export function backupName(time: Date): string {
  return `mantis-${time.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`;
}

export function isBackupName(name: string): boolean {
  return namePattern.test(name);
}

/** The names of the complete backups in a directory, the oldest first. */
export function backupNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter(isBackupName).sort();
}

/**
 * Resolves a path of the user. The program runs in the root of the project; npm and the scripts set
 * INIT_CWD to the directory in which they were called.
 */
export function userPath(path: string, env = process.env): string {
  return resolve(env.INIT_CWD ?? '.', path);
}

/** The directory of the backup that a user names: by path, by name, or as `latest`. */
export function findBackup(given: string, directory: string): string {
  const names = backupNames(directory);
  const newest = names.at(-1);
  if (given === 'latest' && newest !== undefined) return join(directory, newest);
  for (const candidate of [userPath(given), join(directory, given)]) {
    if (given !== 'latest' && existsSync(candidate)) return candidate;
  }
  const there = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
  throw new UserError(`no such backup: ${given}; in ${directory} ${there}`);
}
