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
import {
  type BackupManifest,
  filesOf,
  manifestFile,
  readManifest,
  writeManifest,
} from './backup-manifest.ts';
import { writeChecksums } from './checksums.ts';
import { encrypt } from './encryption.ts';
import { manifestOf } from './testing/manifest.ts';
import { verifyBackup } from './verify.ts';

const files = { 'wal/00000001': 'x'.repeat(100_000), 'chunks/a': 'one', 'chunks/b': '' };
const bytes = Object.values(files).join('').length;

/** Writes a backup of a small volume. */
async function createBackup(
  change: (directory: string, manifest: BackupManifest) => void = () => {},
) {
  const volume = mkdtempSync(join(tmpdir(), 'mantis-volume-'));
  for (const name of ['wal', 'chunks', 'empty']) mkdirSync(join(volume, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(volume, name), text);
  symlinkSync('wal', join(volume, 'link'));
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  const archive = join(directory, 'loki.tar.gz');
  await create({ file: archive, cwd: volume, gzip: true }, ['wal', 'chunks', 'empty', 'link']);
  const secrets = join(directory, 'secrets.age');
  writeFileSync(secrets, await encrypt('[]', 'correct horse battery staple', 10));
  const saved = (file: string) => ({
    file,
    bytes: statSync(join(directory, file)).size,
  });
  const manifest: BackupManifest = {
    ...manifestOf({ files: Object.keys(files).length, bytes, archive: saved('loki.tar.gz') }),
    secrets: { ...saved('secrets.age'), names: [] },
  };
  change(directory, manifest);
  writeManifest(directory, manifest);
  await writeChecksums(directory, [manifestFile, ...filesOf(manifest).map(({ file }) => file)]);
  return { directory, archive, secrets };
}

test('an unchanged backup passes', async () => {
  const { directory } = await createBackup();
  expect((await verifyBackup(directory)).stores.loki?.files).toBe(3);
});

test('one changed byte of any file fails', async () => {
  for (const name of ['loki.tar.gz', 'secrets.age']) {
    const { directory } = await createBackup();
    const path = join(directory, name);
    const content = readFileSync(path);
    content[20] = (content[20] ?? 0) ^ 1;
    writeFileSync(path, content);
    await expect(verifyBackup(directory)).rejects.toThrow(`${name} is damaged: its SHA-256 is`);
  }
});

test('an edited manifest fails', async () => {
  const { directory } = await createBackup();
  const path = join(directory, manifestFile);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"awaySeconds": 7', '"awaySeconds": 1'));
  await expect(verifyBackup(directory)).rejects.toThrow('manifest.json is damaged');
});

test('a file without a checksum fails', async () => {
  const { directory } = await createBackup();
  const path = join(directory, 'SHA256SUMS');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/.*loki.*\n/, ''));
  await expect(verifyBackup(directory)).rejects.toThrow('loki.tar.gz is not in SHA256SUMS');
});

/** Truncated archives with a matching checksum. */
const truncations: { name: string; cut: (archive: string) => void; message: RegExp }[] = [
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

test.each(truncations)('$name fails even with the right checksum', async ({ cut, message }) => {
  const { directory } = await createBackup((path) => cut(join(path, 'loki.tar.gz')));
  await expect(verifyBackup(directory)).rejects.toThrow(message);
});

test('a directory without a manifest is refused', () => {
  expect(() => readManifest(tmpdir())).toThrow('manifest.json is not there');
});

test('a manifest that names files outside of its directory is refused', async () => {
  const { directory } = await createBackup((_, { stores }) => {
    if (stores.loki !== undefined) stores.loki.archive.file = '../../../../etc/hosts';
  });
  await expect(verifyBackup(directory)).rejects.toThrow('manifest.json cannot be read');
});
