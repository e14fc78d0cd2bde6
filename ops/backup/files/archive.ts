import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';

/** How many files a directory or an archive holds, and how large they are together. */
export interface Contents {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Reads a compressed archive to its end.
 *
 * @throws when it is damaged or cut short. An archive that ends between two files is sound by
 * itself: compare what it holds with what it should.
 */
export async function contentsOf(file: string): Promise<Contents> {
  const sizes = new Map<string, number>();
  let bytes = 0;
  const read = (entry: ReadEntry) => {
    if (isFile(entry)) {
      // A second name of a file has no content of its own here, but counts where it is found.
      const size = entry.type === 'Link' ? (sizes.get(entry.linkpath ?? '') ?? 0) : entry.size;
      sizes.set(entry.path, size);
      bytes += size;
    }
    entry.resume();
  };
  const parser = new Parser({ strict: true, onReadEntry: read });
  await pipeline(createReadStream(file), createGunzip(), (source: AsyncIterable<Buffer>) =>
    feed(source, parser),
  );
  return { files: sizes.size, bytes };
}

function isFile({ type }: ReadEntry): boolean {
  return ['File', 'OldFile', 'ContiguousFile', 'Link'].includes(type);
}

/** The parser is no stream of Node's own, so it is fed by hand. */
async function feed(source: AsyncIterable<Buffer>, parser: Parser): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
  });
  // Otherwise an error between two chunks would have nobody to hear it yet.
  ended.catch(() => {});
  for await (const chunk of source) {
    if (!parser.write(chunk)) {
      await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), ended]);
    }
  }
  parser.end();
  await ended;
}
