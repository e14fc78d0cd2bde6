import { join } from 'node:path';
import { messageOf } from '../../process/errors.ts';
import { formatTable, print, printWarning } from '../../process/output.ts';
import { storeNames } from '../../stores/stores.ts';
import { type BackupManifest, filesOf, type NamedBackup, readManifest } from './backup-manifest.ts';
import { backupNames } from './directory.ts';

export function listLocal(directory: string): void {
  printList(readBackups(directory), directory);
}

/** @param where directory or URL, for the message that there is none */
export function printList(backups: readonly NamedBackup[], where: string): void {
  const rows = backups.map(({ name, manifest }) => listRow(name, manifest));
  if (rows.length === 0) print(`no backups in ${where}: ./mantis backup makes one`);
  else print(formatTable([['BACKUP', 'SIZE', 'STORES', 'NAMESPACE'], ...rows]));
}

function listRow(name: string, manifest: BackupManifest): string[] {
  const bytes = filesOf(manifest).reduce((sum, file) => sum + file.bytes, 0);
  const stored = [
    ...storeNames.filter((store) => manifest.stores[store] !== undefined),
    ...(manifest.secrets === undefined ? [] : ['secrets']),
  ];
  const source = `namespace ${manifest.namespace} of ${manifest.context}`;
  return [name, megabytes(bytes), stored.join(','), source];
}

/** The backups of a directory, the oldest first; warns of those without a readable manifest. */
export function readBackups(directory: string): NamedBackup[] {
  return backupNames(directory).flatMap((name) => {
    try {
      return [{ name, manifest: readManifest(join(directory, name)) }];
    } catch (error) {
      printWarning(messageOf(error));
      return [];
    }
  });
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
