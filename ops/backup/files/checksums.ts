import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../process/errors.ts';

/** As `sha256sum` writes and checks it, so that a backup can be checked without Mantis. */
export const sumsFile = 'SHA256SUMS';

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export async function writeSums(directory: string, files: readonly string[]): Promise<void> {
  const lines = await Promise.all(
    files.map(async (file) => `${await sha256Of(join(directory, file))}  ${file}\n`),
  );
  writeFileSync(join(directory, sumsFile), lines.join(''), { mode: 0o600 });
}

/** What is wrong with the files of a directory; nothing if each is as it was written. */
export async function checkSums(directory: string, files: readonly string[]): Promise<string[]> {
  let listed: Map<string, string>;
  try {
    listed = parseSums(readFileSync(join(directory, sumsFile), 'utf8'));
  } catch (error) {
    return [`${sumsFile} cannot be read: ${messageOf(error)}`];
  }
  const complaints = files.map(async (file) => {
    const wanted = listed.get(file);
    if (wanted === undefined) return `${file} is not in ${sumsFile}`;
    try {
      const got = await sha256Of(join(directory, file));
      return got === wanted
        ? undefined
        : `${file} is damaged: its SHA-256 is ${got.slice(0, 12)}…, not ${wanted.slice(0, 12)}…`;
    } catch (error) {
      return `${file} cannot be read: ${messageOf(error)}`;
    }
  });
  return (await Promise.all(complaints)).filter((complaint) => complaint !== undefined);
}

function parseSums(text: string): Map<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const [, sum, file] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    return sum === undefined || file === undefined ? [] : [[file, sum]];
  });
  return new Map(pairs);
}
