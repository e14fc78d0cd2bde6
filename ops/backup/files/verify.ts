import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../process/errors.ts';
import { measureArchive } from './archive.ts';
import {
  type BackupManifest,
  filesOf,
  manifestFile,
  readManifest,
  type SavedStore,
} from './backup-manifest.ts';
import { verifyChecksums } from './checksums.ts';
import { requireEncrypted } from './encryption.ts';

/**
 * Reads all files of a backup and checks them against its checksums and its manifest.
 *
 * @throws UserError with every problem
 */
export async function verifyBackup(directory: string): Promise<BackupManifest> {
  const manifest = readManifest(directory);
  const problems = await verifyChecksums(directory, [
    manifestFile,
    ...filesOf(manifest).map(({ file }) => file),
  ]);
  // Files with a wrong checksum are not looked into.
  if (problems.length === 0) problems.push(...(await contentProblems(directory, manifest)));
  if (problems.length === 0) return manifest;
  throw new UserError(`${directory} is not a valid backup:\n  ${problems.join('\n  ')}`);
}

async function contentProblems(directory: string, { stores, secrets }: BackupManifest) {
  const problems: string[] = [];
  for (const store of Object.values(stores)) {
    const problem = await archiveProblem(directory, store);
    if (problem !== undefined) problems.push(problem);
  }
  if (secrets === undefined) return problems;
  try {
    requireEncrypted(readFileSync(join(directory, secrets.file)));
  } catch (error) {
    problems.push(`${secrets.file}: ${messageOf(error)}`);
  }
  return problems;
}

export async function archiveProblem(
  directory: string,
  { archive, files, bytes }: Pick<SavedStore, 'archive' | 'files' | 'bytes'>,
): Promise<string | undefined> {
  try {
    const got = await measureArchive(join(directory, archive.file));
    if (got.files === files && got.bytes === bytes) return undefined;
    return `${archive.file} holds ${got.files} files of ${got.bytes} bytes; the volume held ${files} of ${bytes}`;
  } catch (error) {
    return `${archive.file} cannot be read to its end: ${messageOf(error)}`;
  }
}
