import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';

/**
 * Reads a compressed archive to its end.
 *
 * @returns number and total size of its files
 * @throws when it is damaged or truncated. A truncation between two files cannot be seen here: compare
 * the totals with the expected ones.
 */
export async function measureArchive(file: string) {
  const sizes = new Map<string, number>();
  let bytes = 0;
  const onReadEntry = (entry: ReadEntry) => {
    if (isFile(entry)) {
      // A hard link has no content in the archive, but counts in the totals of the volume.
      const size = entry.type === 'Link' ? (sizes.get(entry.linkpath ?? '') ?? 0) : entry.size;
      sizes.set(entry.path, size);
      bytes += size;
    }
    entry.resume();
  };
  const parser = new Parser({ strict: true, onReadEntry });
  const parse = (source: AsyncIterable<Buffer>) =>
    pipeline(source, parser as unknown as NodeJS.WritableStream);
  await pipeline(createReadStream(file), createGunzip(), parse);
  return { files: sizes.size, bytes };
}

function isFile({ type }: ReadEntry): boolean {
  return ['File', 'OldFile', 'ContiguousFile', 'Link'].includes(type);
}
