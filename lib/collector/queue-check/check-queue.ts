/**
 * Runs before the collector: renames every queue file that is damaged, for example by a power cut, so
 * that the collector starts with an empty one. Without it, the collector of 0.165 does not start:
 * `recreate` of file_storage recovers from no damage that bbolt finds in a goroutine of its own
 * (open-telemetry/opentelemetry-collector-contrib#35899).
 *
 * It is a ConfigMap that Node.js runs as it is, so it imports nothing but Node.js' own modules.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';

const pageHeader = 16;
const metaBytes = 64;
const [branchFlag, leafFlag, bucketFlag] = [1, 2, 1];
/** Branch and leaf elements have the same size. */
const elementBytes = 16;

class Damage extends Error {}

function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Damage(problem);
}

/** What is wrong with a bbolt file, by the checks that bbolt makes when it opens one; undefined if nothing is. */
export function findDamage(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    // bbolt initializes an empty file.
    if (size > 0) checkTree(file, size);
    return undefined;
  } catch (error) {
    if (error instanceof Damage) return error.message;
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Reads every branch and leaf page that can be reached; values are not read. */
function checkTree(file: number, size: number): void {
  const { pageSize, root, pages } = readMeta(file, size);
  const seen = new Uint8Array(pages);
  const pending = [root];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const page = readPage(file, size, pageSize, id, pages);
    for (let each = id; each <= id + page.overflow; each++) {
      check(seen[each] === 0, `page ${each} is used twice`);
      seen[each] = 1;
    }
    pending.push(...childPages(page));
  }
}

/** The valid meta page with the latest transaction. */
function readMeta(file: number, size: number) {
  const found = [];
  const first = parseMeta(read(file, 0, Math.min(size, pageHeader + metaBytes)));
  if (first !== undefined) found.push(first);
  // The second page begins after the first, whose size is known only if the first is valid.
  const sizes =
    first === undefined ? [1, 2, 4, 8, 16, 32, 64].map((n) => n * 1024) : [first.pageSize];
  for (const pageSize of sizes) {
    if (size < pageSize + pageHeader + metaBytes) break;
    const second = parseMeta(read(file, pageSize, pageHeader + metaBytes));
    if (second?.pageSize === pageSize) found.push(second);
  }
  const [meta] = found.sort((a, b) => (a.transaction < b.transaction ? 1 : -1));
  check(meta !== undefined, 'no meta page is valid');
  check(size >= 2 * meta.pageSize, 'the file is shorter than two pages');
  return meta;
}

function parseMeta(page: Buffer) {
  if (page.length < pageHeader + metaBytes) return undefined;
  const meta = page.subarray(pageHeader);
  const valid =
    meta.readUInt32LE(0) === 0xed0cdaed &&
    meta.readUInt32LE(4) === 2 &&
    meta.readBigUInt64LE(56) === fnv1a(meta.subarray(0, 56));
  if (!valid) return undefined;
  return {
    pageSize: meta.readUInt32LE(8),
    root: Number(meta.readBigUInt64LE(16)),
    pages: Number(meta.readBigUInt64LE(40)),
    transaction: meta.readBigUInt64LE(48),
  };
}

export function fnv1a(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash;
}

interface Page {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  readonly overflow: number;
  /** The page with its header, and without the rest of an overflowing value. */
  readonly bytes: Buffer;
  /** With the pages that it overflows into. */
  readonly length: number;
}

function readPage(file: number, size: number, pageSize: number, id: number, pages: number): Page {
  check(id > 1 && id < pages, `page ${id} does not exist`);
  check((id + 1) * pageSize <= size, `page ${id} is behind the end of the file`);
  const header = read(file, id * pageSize, pageHeader);
  const page = {
    id: Number(header.readBigUInt64LE(0)),
    flags: header.readUInt16LE(8),
    count: header.readUInt16LE(10),
    overflow: header.readUInt32LE(12),
  };
  check(page.id === id, `page ${id} has the number ${page.id}`);
  check([branchFlag, leafFlag].includes(page.flags), `page ${id} has the type ${page.flags}`);
  check(id + page.overflow < pages, `page ${id} overflows the file`);
  const length = (page.overflow + 1) * pageSize;
  check(id * pageSize + length <= size, `page ${id} is behind the end of the file`);
  const elements = pageHeader + page.count * elementBytes;
  check(elements <= length, `page ${id} has too many elements`);
  // Names of buckets are short, so they are within the first page.
  const bytes = read(file, id * pageSize, Math.max(pageSize, elements));
  return { ...page, bytes, length };
}

/** The pages that a branch page points to, or the roots of the buckets in a leaf page. */
function childPages({ id, flags, count, bytes, length }: Page): number[] {
  const children: number[] = [];
  for (let index = 0; index < count; index++) {
    const at = pageHeader + index * elementBytes;
    if (flags === branchFlag) {
      const end = at + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
      check(end <= length, `page ${id} has a key behind its end`);
      children.push(Number(bytes.readBigUInt64LE(at + 8)));
    } else {
      const [key, keyBytes] = [at + bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
      const value = key + keyBytes;
      check(value + bytes.readUInt32LE(at + 12) <= length, `page ${id} has a value behind its end`);
      const isBucket = (bytes.readUInt32LE(at) & bucketFlag) !== 0;
      if (!isBucket) continue;
      check(value + 8 <= bytes.length, `page ${id} has a bucket behind its end`);
      const root = Number(bytes.readBigUInt64LE(value));
      // The root of a small bucket is 0: its content is within the value.
      if (root !== 0) children.push(root);
    }
  }
  return children;
}

function read(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const bytes = readSync(file, buffer, 0, length, position);
  check(bytes === length, 'the file is shorter than expected');
  return buffer;
}

/** Renames damaged files of a directory, and appends a line for each to the report. */
export function renameDamaged(directory: string, report: string): string[] {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  return files
    .filter((name) => !name.endsWith('.backup'))
    .flatMap((name) => {
      const damage = findDamage(join(directory, name));
      if (damage === undefined) return [];
      // Of each queue the newest damaged file is kept.
      for (const old of files.filter(
        (each) => each.startsWith(`${name}.`) && each.endsWith('.backup'),
      ))
        rmSync(join(directory, old));
      const backup = `${name}.${new Date().toISOString().replaceAll(/[-:]/g, '')}.backup`;
      renameSync(join(directory, name), join(directory, backup));
      const message = `error: queue file ${name} was damaged (${damage}) and renamed to ${backup}`;
      appendFileSync(report, `${message}\n`);
      return [message];
    });
}

const [, , directory, report] = argv;
if (directory !== undefined && report !== undefined && import.meta.main) {
  try {
    for (const message of renameDamaged(directory, report)) console.log(message);
  } catch (error) {
    // The collector has to start whatever happens here.
    console.log(`the queue files could not be checked: ${error}`);
  }
}
