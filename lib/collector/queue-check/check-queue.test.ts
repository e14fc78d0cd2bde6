import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDamage, fnv1a, renameDamaged } from './check-queue.ts';

const pageSize = 4096;
const pages = { meta0: 0, meta1: 1, root: 2, branch: 3, leaf: 4, overflow: 5 };

function header(file: Buffer, id: number, flags: number, count: number, overflow = 0): Buffer {
  const page = file.subarray(id * pageSize);
  page.writeBigUInt64LE(BigInt(id), 0);
  page.writeUInt16LE(flags, 8);
  page.writeUInt16LE(count, 10);
  page.writeUInt32LE(overflow, 12);
  return page;
}

function writeMeta(file: Buffer, id: number, transaction: number): void {
  const meta = header(file, id, 4, 0).subarray(16);
  meta.writeUInt32LE(0xed0cdaed, 0);
  meta.writeUInt32LE(2, 4);
  meta.writeUInt32LE(pageSize, 8);
  meta.writeBigUInt64LE(BigInt(pages.root), 16);
  meta.writeBigUInt64LE(6n, 40);
  meta.writeBigUInt64LE(BigInt(transaction), 48);
  meta.writeBigUInt64LE(fnv1a(meta.subarray(0, 56)), 56);
}

/** A bbolt file: a bucket whose root is a branch page, and a leaf page with a value of two pages. */
function queueFile(): Buffer {
  const file = Buffer.alloc(7 * pageSize);
  writeMeta(file, pages.meta0, 4);
  writeMeta(file, pages.meta1, 5);
  const root = header(file, pages.root, 2, 1);
  root.writeUInt32LE(1, 16);
  root.writeUInt32LE(16, 20);
  root.writeUInt32LE(7, 24);
  root.writeUInt32LE(16, 28);
  root.write('default', 32);
  root.writeBigUInt64LE(BigInt(pages.branch), 39);
  const branch = header(file, pages.branch, 1, 1);
  branch.writeUInt32LE(16, 16);
  branch.writeUInt32LE(1, 20);
  branch.writeBigUInt64LE(BigInt(pages.leaf), 24);
  const leaf = header(file, pages.leaf, 2, 1, 1);
  leaf.writeUInt32LE(16, 20);
  leaf.writeUInt32LE(1, 24);
  leaf.writeUInt32LE(6000, 28);
  return file;
}

function directoryWith(file: Buffer): string {
  const directory = mkdtempSync(join(tmpdir(), 'queue-'));
  writeFileSync(join(directory, 'logs'), file);
  return directory;
}

const damageOf = (file: Buffer) => findDamage(join(directoryWith(file), 'logs'));
const zero = (file: Buffer, page: number, count = 1) =>
  file.fill(0, page * pageSize, (page + count) * pageSize);

test('an intact file and an empty one are not damaged', () => {
  expect(damageOf(queueFile())).toBeUndefined();
  expect(damageOf(Buffer.alloc(0))).toBeUndefined();
});

test.each([
  ['one meta page is zero', (file: Buffer) => zero(file, pages.meta0)],
  ['the other meta page is zero', (file: Buffer) => zero(file, pages.meta1)],
  ['a page that is not in use is missing', (file: Buffer) => file.subarray(0, 6 * pageSize)],
  ['a value has other bytes', (file: Buffer) => zero(file, pages.overflow)],
])('bbolt can open it although %s', (_, change) => {
  expect(damageOf(change(queueFile()))).toBeUndefined();
});

test.each<[string, (file: Buffer) => Buffer, string]>([
  ['both meta pages are zero', (file) => zero(file, 0, 2), 'no meta page is valid'],
  ['it is a text', () => Buffer.from('hello '.repeat(2000)), 'no meta page is valid'],
  ['it has one page', (file) => file.subarray(0, pageSize), 'shorter than two pages'],
  ['the end is missing', (file) => file.subarray(0, 5 * pageSize), 'behind the end of the file'],
  ['a page is zero', (file) => zero(file, pages.branch), 'page 3 has the number 0'],
  [
    'a page refers to itself',
    (file) => {
      file.writeBigUInt64LE(BigInt(pages.branch), pages.branch * pageSize + 24);
      return file;
    },
    'page 3 is used twice',
  ],
  [
    'a page refers to one that does not exist',
    (file) => {
      file.writeBigUInt64LE(1_000_000n, pages.branch * pageSize + 24);
      return file;
    },
    'page 1000000 does not exist',
  ],
  [
    'a value ends behind its page',
    (file) => {
      file.writeUInt32LE(100_000, pages.leaf * pageSize + 28);
      return file;
    },
    'page 4 has a value behind its end',
  ],
])('it is damaged if %s', (_, change, problem) => {
  expect(damageOf(change(queueFile()))).toContain(problem);
});

test('a damaged file is renamed and reported, and of each queue the newest is kept', () => {
  const directory = directoryWith(zero(queueFile(), 0, 2));
  writeFileSync(join(directory, 'traces'), queueFile());
  writeFileSync(join(directory, 'logs.20200101T000000.000Z.backup'), 'old');
  const report = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.log');
  const [message] = renameDamaged(directory, report);
  expect(message).toMatch(/^error: queue file logs was damaged \(no meta page is valid\)/);
  const [backup, ...others] = readdirSync(directory).sort();
  expect(backup).toMatch(/^logs\.\d{8}T\d{6}\.\d{3}Z\.backup$/);
  expect(others).toEqual(['traces']);
  expect(readFileSync(report, 'utf8')).toBe(`${message}\n`);
  expect(renameDamaged(directory, report)).toEqual([]);
});

test('a directory that does not exist yet has no damaged file', () => {
  expect(renameDamaged('/nowhere', '/nowhere/report')).toEqual([]);
});
