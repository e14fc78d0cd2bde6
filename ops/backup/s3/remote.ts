import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { cleanUpOnExit } from '../../process/cleanup.ts';
import { messageOf, UserError } from '../../process/errors.ts';
import { say, secondsSince, warn } from '../../process/output.ts';
import { sumsFile } from '../files/checksums.ts';
import { isBackupName } from '../files/directory.ts';
import { megabytes } from '../files/list.ts';
import { filesOf, type Manifest, manifestFile, parseManifest } from '../files/manifest.ts';
import { outdatedOf } from '../files/retention.ts';
import type { Bucket } from './bucket.ts';

/** A backup in a bucket. */
export interface Remote {
  readonly name: string;
  readonly manifest: Manifest;
}

/**
 * Uploads a backup. Its manifest comes last, and nothing without one is taken for a backup: an
 * upload that was cut short is none.
 */
export async function upload(bucket: Bucket, directory: string): Promise<void> {
  const start = performance.now();
  const name = basename(directory);
  const files = readdirSync(directory).filter((file) => file !== manifestFile);
  const there = await bucket.list();
  if (there.has(`${name}/${manifestFile}`)) {
    throw new UserError(
      `${bucket.url}/${name} is there already, perhaps from another cluster: give each its own prefix. The backup of this one is ${directory}`,
    );
  }
  const sent: string[] = [];
  try {
    for (const file of [...files, manifestFile]) {
      sent.push(`${name}/${file}`);
      await bucket.put(`${name}/${file}`, join(directory, file));
    }
  } catch (error) {
    // As good as it goes: whatever failed may fail again.
    await Promise.allSettled(sent.reverse().map((key) => bucket.remove(key)));
    throw new UserError(
      `${messageOf(error)}\n  not uploaded; the backup is complete: ${directory}`,
    );
  }
  say(`uploaded in ${secondsSince(start)} s: ${bucket.url}/${name}`);
}

/** The complete backups of a bucket, the oldest first; says which are not complete. */
export async function remoteBackups(bucket: Bucket): Promise<Remote[]> {
  const keys = [...(await bucket.list()).keys()];
  const names = [...new Set(keys.map((key) => key.split('/')[0] ?? ''))].filter(isBackupName);
  const found: Remote[] = [];
  for (const name of names.sort()) {
    const manifest = `${name}/${manifestFile}`;
    const where = `${bucket.url}/${name}`;
    if (!keys.includes(manifest)) {
      warn(`${where} is not complete: its upload goes on, or was cut short`);
      continue;
    }
    try {
      found.push({ name, manifest: parseManifest(await bucket.text(manifest), where) });
    } catch (error) {
      warn(messageOf(error));
    }
  }
  return found;
}

/** Removes backups that have so many newer ones of the same stores; says which. */
export async function removeOldRemotes(bucket: Bucket, keep: number): Promise<void> {
  for (const name of outdatedOf(await remoteBackups(bucket), keep)) {
    await removeRemote(bucket, name);
    say(`  ${bucket.url}/${name} removed: --keep ${keep}`);
  }
}

/** Removes a backup, its manifest first: what is half removed is no backup. */
export async function removeRemote(bucket: Bucket, name: string): Promise<void> {
  const manifest = `${name}/${manifestFile}`;
  await bucket.remove(manifest);
  const keys = [...(await bucket.list()).keys()].filter((key) => key.startsWith(`${name}/`));
  for (const key of keys) await bucket.remove(key);
}

/** A backup by its name, or the newest as `latest`. @throws UserError */
export async function findRemote(bucket: Bucket, name: string): Promise<Remote> {
  const backups = await remoteBackups(bucket);
  const found = name === 'latest' ? backups.at(-1) : backups.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = backups.map((each) => each.name).join(', ');
  const there = names === '' ? 'there is none' : `there are ${names}`;
  throw new UserError(`no such backup: ${name}; in ${bucket.url} ${there}`);
}

/**
 * Lends a downloaded backup to some work, and deletes it afterwards.
 *
 * @param parent where there is room for it
 */
export async function withDownload<T>(
  bucket: Bucket,
  { name, manifest }: Remote,
  parent: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const scratch = mkdtempSync(join(parent, '.from-s3-'));
  const discard = () => rmSync(scratch, { recursive: true, force: true });
  const settled = cleanUpOnExit(discard);
  try {
    const directory = join(scratch, name);
    mkdirSync(directory, { mode: 0o700 });
    const archives = filesOf(manifest);
    for (const file of [manifestFile, sumsFile, ...archives.map((each) => each.file)]) {
      await bucket.get(`${name}/${file}`, join(directory, file));
    }
    const bytes = archives.reduce((sum, each) => sum + each.bytes, 0);
    say(`${bucket.url}/${name} downloaded: ${megabytes(bytes)} in ${secondsSince(start)} s`);
    return await work(directory);
  } finally {
    discard();
    settled();
  }
}
