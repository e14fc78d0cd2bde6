import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { create } from 'tar';
import { writeSums } from './checksums.ts';
import { seal } from './encryption.ts';
import { filesOf, type Manifest, manifestFile, readManifest, writeManifest } from './manifest.ts';
import { manifestOf } from './testing/manifest.ts';
import { verify } from './verify.ts';

const files = { 'wal/00000001': 'x'.repeat(100_000), 'chunks/a': 'one', 'chunks/b': '' };
const bytes = Object.values(files).join('').length;

/** A backup as `make backup` writes it, of a small volume. */
async function made(change: (directory: string, manifest: Manifest) => void = () => {}) {
  const volume = mkdtempSync(join(tmpdir(), 'mantis-volume-'));
  for (const name of ['wal', 'chunks', 'empty']) mkdirSync(join(volume, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(volume, name), text);
  symlinkSync('wal', join(volume, 'link'));
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  const archive = join(directory, 'loki.tar.gz');
  await create({ file: archive, cwd: volume, gzip: true }, ['wal', 'chunks', 'empty', 'link']);
  const secrets = join(directory, 'secrets.sealed.json');
  writeFileSync(secrets, seal('[]', 'correct horse battery staple'));
  const saved = (file: string) => ({
    file,
    bytes: statSync(join(directory, file)).size,
    sha256: createHash('sha256')
      .update(readFileSync(join(directory, file)))
      .digest('hex'),
  });
  const manifest: Manifest = {
    ...manifestOf({ files: Object.keys(files).length, bytes, archive: saved('loki.tar.gz') }),
    secrets: { ...saved('secrets.sealed.json'), names: [] },
  };
  change(directory, manifest);
  writeManifest(directory, manifest);
  await writeSums(directory, [manifestFile, ...filesOf(manifest).map(({ file }) => file)]);
  return { directory, archive, secrets };
}

test('a backup that is as it was made is sound', async () => {
  const { directory } = await made();
  expect((await verify(directory)).stores.loki?.files).toBe(3);
});

test('one changed byte is noticed, in any file', async () => {
  for (const name of ['loki.tar.gz', 'secrets.sealed.json']) {
    const { directory } = await made();
    const path = join(directory, name);
    const content = readFileSync(path);
    content[20] = (content[20] ?? 0) ^ 1;
    writeFileSync(path, content);
    await expect(verify(directory)).rejects.toThrow(`${name} is damaged: its SHA-256 is`);
  }
});

test('a manifest that was edited is noticed', async () => {
  const { directory } = await made();
  const path = join(directory, manifestFile);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"awaySeconds": 7', '"awaySeconds": 1'));
  await expect(verify(directory)).rejects.toThrow('manifest.json is damaged');
});

test('a missing file is noticed', async () => {
  const { directory } = await made();
  const path = join(directory, 'SHA256SUMS');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/.*loki.*\n/, ''));
  await expect(verify(directory)).rejects.toThrow('loki.tar.gz is not in SHA256SUMS');
});

/** Checksums of what was written say nothing about what should have been. */
const cuts: { name: string; cut: (archive: string) => void; message: RegExp }[] = [
  {
    name: 'a compressed file that ends early',
    cut: (archive) => truncateSync(archive, statSync(archive).size - 20),
    message: /cannot be read to its end: .*unexpected end of file/,
  },
  {
    name: 'an archive that ends within a file',
    cut: (archive) => cutTo(archive, 4096),
    message: /cannot be read to its end/,
  },
  {
    name: 'an archive that ends between two files',
    cut: (archive) => cutTo(archive, 512),
    message: /holds 0 files of 0 bytes; the volume held 3 of 100003/,
  },
];

function cutTo(archive: string, length: number): void {
  writeFileSync(archive, gzipSync(gunzipSync(readFileSync(archive)).subarray(0, length)));
}

test.each(cuts)('$name is noticed even with the right checksum', async ({ cut, message }) => {
  const { directory } = await made((path) => cut(join(path, 'loki.tar.gz')));
  await expect(verify(directory)).rejects.toThrow(message);
});

test('a directory without a manifest is no backup', () => {
  expect(() => readManifest(tmpdir())).toThrow('manifest.json is not there');
});

test('a manifest cannot name files outside of its directory', async () => {
  const { directory } = await made((_, { stores }) => {
    if (stores.loki !== undefined) stores.loki.archive.file = '../../../../etc/hosts';
  });
  await expect(verify(directory)).rejects.toThrow('manifest.json cannot be read');
});
