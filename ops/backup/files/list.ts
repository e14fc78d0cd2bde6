import { join } from 'node:path';
import { messageOf } from '../../process/errors.ts';
import { say, table, warn } from '../../process/output.ts';
import { backupNames } from './directory.ts';
import { filesOf, type Manifest, readManifest } from './manifest.ts';
import { storeNames } from './stores.ts';

/** Prints every backup of a directory, the oldest first. */
export function list(directory: string): void {
  printList(readable(directory), directory);
}

/** @param where they are, for the message that there is none */
export function printList(
  backups: readonly { readonly name: string; readonly manifest: Manifest }[],
  where: string,
): void {
  const rows = backups.map(({ name, manifest }) => row(name, manifest));
  if (rows.length === 0) say(`no backups in ${where}: make backup makes one`);
  else say(table([['BACKUP', 'SIZE', 'HOLDS', 'OF'], ...rows]));
}

export function row(name: string, manifest: Manifest): string[] {
  const bytes = filesOf(manifest).reduce((sum, file) => sum + file.bytes, 0);
  const holds = [
    ...storeNames.filter((store) => manifest.stores[store] !== undefined),
    ...(manifest.secrets === undefined ? [] : ['secrets']),
  ];
  const of = `namespace ${manifest.namespace} of ${manifest.context}`;
  return [name, megabytes(bytes), holds.join(','), of];
}

/** The backups of a directory that have a manifest; says which have not. */
export function readable(directory: string): { name: string; manifest: Manifest }[] {
  return backupNames(directory).flatMap((name) => {
    try {
      return [{ name, manifest: readManifest(join(directory, name)) }];
    } catch (error) {
      warn(messageOf(error));
      return [];
    }
  });
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
