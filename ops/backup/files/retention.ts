import { storeNames } from '../../stores/stores.ts';
import type { BackupManifest } from './backup-manifest.ts';

interface Backup {
  readonly name: string;
  readonly manifest: {
    readonly stores: { readonly [Store in keyof BackupManifest['stores']]?: unknown };
  };
}

/**
 * The names of the backups with at least `keep` newer ones that hold all of their stores. So a backup
 * of one store never replaces the last backup of the others.
 */
export function expiredBackups(backups: readonly Backup[], keep: number): string[] {
  return backups
    .filter(({ name, manifest: { stores } }) => {
      const saved = storeNames.filter((store) => stores[store] !== undefined);
      const newer = backups.filter(
        (other) =>
          other.name > name && saved.every((store) => other.manifest.stores[store] !== undefined),
      );
      return newer.length >= keep;
    })
    .map(({ name }) => name)
    .sort();
}
