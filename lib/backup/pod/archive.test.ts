import {
  createWriteStream,
  linkSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { measureArchive } from '../../../ops/backup/files/archive.ts';
import { archive, measure } from './archive.ts';

function volume(): string {
  const directory = mkdtempSync(join(tmpdir(), 'volume-'));
  for (const name of ['wal', '.mantis-previous', 'lost+found']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'wal/one'), 'x'.repeat(1000));
  linkSync(join(directory, 'wal/one'), join(directory, 'wal/two'));
  symlinkSync('one', join(directory, 'wal/three'));
  writeFileSync(join(directory, '.mantis-previous/old'), 'old');
  return directory;
}

test('an archive holds the files that were measured, without what a restore left', async () => {
  const directory = volume();
  expect(measure(directory)).toEqual({ files: 2, bytes: 2000 });
  const file = join(mkdtempSync(join(tmpdir(), 'archive-')), 'loki.tar.gz');
  await pipeline(Readable.from(archive(directory)), createGzip(), createWriteStream(file));
  expect(await measureArchive(file)).toEqual({ files: 2, bytes: 2000 });
});

test('an empty volume is an error', async () => {
  const reading = archive(mkdtempSync(join(tmpdir(), 'volume-'))).next();
  await expect(reading).rejects.toThrow('the volume is empty');
});
