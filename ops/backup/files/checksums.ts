import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../process/errors.ts';

/** In the format of `sha256sum`, so that a backup can be checked without Mantis. */
export const checksumFile = 'SHA256SUMS';

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** @param known checksums of what was written. @default - those of the files on disk */
export async function writeChecksums(
  directory: string,
  files: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const lines = await Promise.all(
    files.map(
      async (file) => `${known.get(file) ?? (await sha256Of(join(directory, file)))}  ${file}\n`,
    ),
  );
  writeFileSync(join(directory, checksumFile), lines.join(''), { mode: 0o600 });
}

/** The files whose checksum differs or is missing, one message each. */
export async function verifyChecksums(directory: string, files: readonly string[]) {
  let listed: Map<string, string>;
  try {
    listed = parseChecksums(readFileSync(join(directory, checksumFile), 'utf8'));
  } catch (error) {
    return [`${checksumFile} cannot be read: ${messageOf(error)}`];
  }
  const problems = files.map(async (file) => {
    const wanted = listed.get(file);
    if (wanted === undefined) return `${file} is not in ${checksumFile}`;
    try {
      const got = await sha256Of(join(directory, file));
      return got === wanted
        ? undefined
        : `${file} is damaged: its SHA-256 is ${got.slice(0, 12)}…, not ${wanted.slice(0, 12)}…`;
    } catch (error) {
      return `${file} cannot be read: ${messageOf(error)}`;
    }
  });
  return (await Promise.all(problems)).filter((problem) => problem !== undefined);
}

function parseChecksums(text: string): Map<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const [, sum, file] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    return sum === undefined || file === undefined ? [] : [[file, sum]];
  });
  return new Map(pairs);
}
