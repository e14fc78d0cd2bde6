import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, UserError } from '../../process/errors.ts';
import { storeNames } from './stores.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const savedFile = z.object({
  /** Within the backup's directory; never a path that leads elsewhere. */
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  bytes: z.number(),
  sha256,
});

/** Something that a store held, asked for before the backup so that it can be asked for again. */
const evidence = z.object({
  what: z.string(),
  /** As of when, in seconds. */
  at: z.number(),
  count: z.number(),
});

const savedStore = z.object({
  image: z.string(),
  /** When the store was told to stop: what it had taken by then is in the backup. */
  takenAt: z.iso.datetime(),
  awaySeconds: z.number(),
  /** What the volume held. */
  files: z.number(),
  bytes: z.number(),
  archive: savedFile,
  evidence: z.array(evidence),
});

const manifestSchema = z.object({
  format: z.literal(1),
  mantis: z.string(),
  kubernetes: z.string(),
  context: z.string(),
  namespace: z.string(),
  createdAt: z.iso.datetime(),
  stores: z.partialRecord(z.enum(storeNames), savedStore),
  /** Tells whether a Secret is the one that Grafana's database was made with. */
  login: z.object({ salt: z.string(), hash: z.string() }).optional(),
  secrets: savedFile.extend({ names: z.array(z.string()) }).optional(),
});

export type SavedFile = z.output<typeof savedFile>;
export type Evidence = z.output<typeof evidence>;
export type SavedStore = z.output<typeof savedStore>;
/** What a backup says about itself. */
export type Manifest = z.output<typeof manifestSchema>;

export const manifestFile = 'manifest.json';

export function writeManifest(directory: string, manifest: Manifest): void {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(join(directory, manifestFile), text, { mode: 0o600 });
}

/** @throws UserError when the directory holds no backup, or one that this version cannot read */
export function readManifest(directory: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(directory, manifestFile), 'utf8');
  } catch {
    throw new UserError(`${directory} holds no backup: ${manifestFile} is not there`);
  }
  return parseManifest(text, directory);
}

/** @param where the backup, for the message when this version cannot read it */
export function parseManifest(text: string, where: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UserError(`${where}/${manifestFile} cannot be read: ${why}`);
  }
}

/** The files of a backup beside its manifest. */
export function filesOf({ stores, secrets }: Manifest): SavedFile[] {
  const archives = Object.values(stores).map(({ archive }) => archive);
  return secrets === undefined ? archives : [...archives, secrets];
}
