import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, UserError } from '../../process/errors.ts';
import { storeNames } from '../../stores/stores.ts';

const savedFile = z.object({
  /** A file name within the backup's directory, never a path. */
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  bytes: z.number(),
});

/** A query and its result before the backup, repeated after a restore. */
const consistencyCheck = z.object({
  what: z.string(),
  /** The time of the query, in seconds. */
  at: z.number(),
  count: z.number(),
});

const savedStore = z.object({
  image: z.string(),
  /** When the store was scaled down: the backup holds all data that it received until then. */
  takenAt: z.iso.datetime(),
  awaySeconds: z.number(),
  /** Number and total size of the files of the volume. */
  files: z.number(),
  bytes: z.number(),
  archive: savedFile,
  evidence: z.array(consistencyCheck),
});

const manifestSchema = z.object({
  format: z.literal(1),
  mantis: z.string(),
  kubernetes: z.string(),
  context: z.string(),
  namespace: z.string(),
  createdAt: z.iso.datetime(),
  stores: z.partialRecord(z.enum(storeNames), savedStore),
  /** Fingerprint of the Secret that Grafana's database belongs to. */
  login: z.object({ salt: z.string(), hash: z.string() }).optional(),
  secrets: savedFile.extend({ names: z.array(z.string()) }).optional(),
});

export type SavedFile = z.output<typeof savedFile>;
export type ConsistencyCheck = z.output<typeof consistencyCheck>;
export type SavedStore = z.output<typeof savedStore>;
export type BackupManifest = z.output<typeof manifestSchema>;

/** A backup by its name, which begins with its time: names sort by age. */
export interface NamedBackup {
  readonly name: string;
  readonly manifest: BackupManifest;
}

export const manifestFile = 'manifest.json';

export function writeManifest(directory: string, manifest: BackupManifest): void {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(join(directory, manifestFile), text, { mode: 0o600 });
}

/** @throws UserError when the directory holds no backup, or one that this version cannot read */
export function readManifest(directory: string): BackupManifest {
  let text: string;
  try {
    text = readFileSync(join(directory, manifestFile), 'utf8');
  } catch {
    throw new UserError(`${directory} holds no backup: ${manifestFile} is not there`);
  }
  return parseManifest(text, directory);
}

/** @param where path or URL of the backup, for the error message */
export function parseManifest(text: string, where: string): BackupManifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UserError(`${where}/${manifestFile} cannot be read: ${why}`);
  }
}

export function filesOf({ stores, secrets }: BackupManifest): SavedFile[] {
  const archives = Object.values(stores).map(({ archive }) => archive);
  return secrets === undefined ? archives : [...archives, secrets];
}
