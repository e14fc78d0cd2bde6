import { z } from 'zod';
import { text } from '../settings/units.ts';

/** A file of the user's, which mantis.yaml lists or which is in a listed directory. */
export interface OwnFile {
  /** From the directory of mantis.yaml. */
  readonly path: string;
  readonly text: string;
  /** The directory directly below the listed one that it is in. @default - in none */
  readonly subdirectory?: string;
  /** Where it is written, if not in a file. @default - the path */
  readonly source?: string;
}

/** Listed paths and their files, which `settings/own-files.ts` reads; the schema reads nothing. */
export interface OwnFiles {
  readonly paths: readonly string[];
  readonly files: readonly OwnFile[];
}

const path = text(
  /^(?![/\\]|[A-Za-z]:).*\S/,
  'a file or directory, relative to the directory of mantis.yaml',
);

/** A list of files and directories. */
export const ownFiles = z
  .array(path)
  .transform((paths): OwnFiles => ({ paths, files: [] }))
  .prefault([]);

/** Files of rules with such a name are tests for `promtool test rules`. */
export function isRuleTest({ path }: OwnFile): boolean {
  return /[._]test\.ya?ml$/.test(path);
}

/**
 * The part of object names and file names that stands for a file: its path without extension, in
 * lower-case letters, digits and dashes.
 */
export function slug(path: string): string {
  return path
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
