import type { Manifest } from './manifest.ts';
import { type StoreName, storeNames } from './stores.ts';

export interface Kept {
  /** Begins with its time, so that names sort by age. */
  readonly name: string;
  readonly stores: readonly StoreName[];
}

/**
 * The backups that may go: those with at least `keep` newer ones that hold all that they hold. A
 * backup of one store never costs the last one of the others.
 */
export function outdated(backups: readonly Kept[], keep: number): string[] {
  return backups
    .filter(({ name, stores }) => {
      const newer = backups.filter(
        (other) => other.name > name && stores.every((store) => other.stores.includes(store)),
      );
      return newer.length >= keep;
    })
    .map(({ name }) => name)
    .sort();
}

/** The same of backups as their manifests tell of them. */
export function outdatedOf(
  backups: readonly { readonly name: string; readonly manifest: Manifest }[],
  keep: number,
): string[] {
  const kept = backups.map(({ name, manifest }) => ({
    name,
    stores: storeNames.filter((store) => manifest.stores[store] !== undefined),
  }));
  return outdated(kept, keep);
}
