import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../process/errors.ts';
import { userPath } from '../../process/user-path.ts';

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
