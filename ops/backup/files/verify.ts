import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../process/errors.ts';
import { contentsOf } from './archive.ts';
import { checkSums } from './checksums.ts';
import { parseSealed } from './encryption.ts';
import { filesOf, type Manifest, manifestFile, readManifest, type SavedStore } from './manifest.ts';

/**
 * Reads a backup from its first to its last byte.
 *
 * @throws UserError with all that is wrong with it
 */
export async function verify(directory: string): Promise<Manifest> {
  const manifest = readManifest(directory);
  const complaints = await checkSums(directory, [
    manifestFile,
    ...filesOf(manifest).map(({ file }) => file),
  ]);
  // A file that is not what was written has nothing more to say.
  if (complaints.length === 0) complaints.push(...(await unreadable(directory, manifest)));
  if (complaints.length === 0) return manifest;
  throw new UserError(`${directory} cannot be trusted:\n  ${complaints.join('\n  ')}`);
}

async function unreadable(directory: string, { stores, secrets }: Manifest): Promise<string[]> {
  const complaints: string[] = [];
  for (const store of Object.values(stores)) {
    const complaint = await archiveProblem(directory, store);
    if (complaint !== undefined) complaints.push(complaint);
  }
  if (secrets === undefined) return complaints;
  try {
    parseSealed(readFileSync(join(directory, secrets.file), 'utf8'));
  } catch (error) {
    complaints.push(`${secrets.file}: ${messageOf(error)}`);
  }
  return complaints;
}

/** Why an archive does not hold what its volume did. */
export async function archiveProblem(
  directory: string,
  { archive, files, bytes }: Pick<SavedStore, 'archive' | 'files' | 'bytes'>,
): Promise<string | undefined> {
  try {
    const got = await contentsOf(join(directory, archive.file));
    if (got.files === files && got.bytes === bytes) return undefined;
    return `${archive.file} holds ${got.files} files of ${got.bytes} bytes; the volume held ${files} of ${bytes}`;
  } catch (error) {
    return `${archive.file} cannot be read to its end: ${messageOf(error)}`;
  }
}
