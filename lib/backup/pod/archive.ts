/** Reads the volume of a store. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a restore leaves behind, and what the file system has, are no data of the store. */
const isData = (name: string) => name !== 'lost+found' && !name.startsWith('.mantis-');

/** Number and total size of the files of a volume, as the manifest of a backup has them. */
export function measure(directory: string): { files: number; bytes: number } {
  const sizes = readdirSync(directory)
    .filter(isData)
    .flatMap((entry) => filesBelow(join(directory, entry)));
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The sizes of all files of a directory, or of a file. */
function filesBelow(path: string): number[] {
  const found = lstatSync(path);
  if (found.isFile()) return [found.size];
  if (!found.isDirectory()) return [];
  return readdirSync(path).flatMap((entry) => filesBelow(join(path, entry)));
}

/**
 * The volume as tar, without an entry for its root, whose owner may be another user.
 *
 * @throws Error if the volume is empty or tar fails
 */
export async function* archive(directory: string): AsyncGenerator<Uint8Array> {
  const entries = readdirSync(directory).filter(isData);
  if (entries.length === 0) throw new Error('the volume is empty');
  const tar = spawn('tar', ['-cf', '-', '-C', directory, ...entries.map((name) => `./${name}`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(tar, 'close');
  // An error is thrown below, when the output was read.
  ended.catch(() => undefined);
  for await (const chunk of tar.stdout) yield chunk;
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar ended with ${code}`);
}
