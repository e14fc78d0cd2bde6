import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { cleanUpOnExit } from '../../process/cleanup.ts';
import { messageOf, UserError } from '../../process/errors.ts';
import { print, printWarning, secondsSince } from '../../process/output.ts';
import {
  filesOf,
  manifestFile,
  type NamedBackup,
  parseManifest,
} from '../files/backup-manifest.ts';
import { checksumFile } from '../files/checksums.ts';
import { isBackupName } from '../files/directory.ts';
import { megabytes } from '../files/list.ts';
import { expiredBackups } from '../files/retention.ts';
import type { Bucket } from './bucket.ts';

/**
 * Uploads a backup, its manifest last: without a manifest it is no complete backup, so an interrupted
 * upload is not used.
 */
export async function uploadBackup(bucket: Bucket, directory: string): Promise<void> {
  const start = performance.now();
  const name = basename(directory);
  const files = readdirSync(directory).filter((file) => file !== manifestFile);
  const there = await bucket.list();
  if (there.has(`${name}/${manifestFile}`)) {
    throw new UserError(
      `${bucket.url}/${name} exists already, perhaps from another cluster: give each cluster its own prefix. The backup of this one is ${directory}`,
    );
  }
  const sent: string[] = [];
  try {
    for (const file of [...files, manifestFile]) {
      sent.push(`${name}/${file}`);
      await bucket.put(`${name}/${file}`, join(directory, file));
    }
  } catch (error) {
    // Best effort: the deletion may fail as the upload did.
    await Promise.allSettled(sent.reverse().map((key) => bucket.remove(key)));
    throw new UserError(
      `${messageOf(error)}\n  not uploaded; the backup is complete: ${directory}`,
    );
  }
  print(`uploaded in ${secondsSince(start)} s: ${bucket.url}/${name}`);
}

/** The complete backups of a bucket, the oldest first; warns of incomplete ones. */
export async function readRemoteBackups(bucket: Bucket): Promise<NamedBackup[]> {
  const keys = [...(await bucket.list()).keys()];
  const names = [...new Set(keys.map((key) => key.split('/')[0] ?? ''))].filter(isBackupName);
  const found: NamedBackup[] = [];
  for (const name of names.sort()) {
    const manifest = `${name}/${manifestFile}`;
    const where = `${bucket.url}/${name}`;
    if (!keys.includes(manifest)) {
      printWarning(`${where} is not complete: its upload is running or was interrupted`);
      continue;
    }
    try {
      found.push({ name, manifest: parseManifest(await bucket.text(manifest), where) });
    } catch (error) {
      printWarning(messageOf(error));
    }
  }
  return found;
}

export async function removeExpiredRemoteBackups(bucket: Bucket, keep: number): Promise<void> {
  for (const name of expiredBackups(await readRemoteBackups(bucket), keep)) {
    await removeRemoteBackup(bucket, name);
    print(`  ${bucket.url}/${name} removed: --keep ${keep}`);
  }
}

/** Removes a backup, its manifest first, so that an interrupted removal leaves no backup. */
export async function removeRemoteBackup(bucket: Bucket, name: string): Promise<void> {
  const manifest = `${name}/${manifestFile}`;
  await bucket.remove(manifest);
  const keys = [...(await bucket.list()).keys()].filter((key) => key.startsWith(`${name}/`));
  for (const key of keys) await bucket.remove(key);
}

/** A backup by its name, or the newest as `latest`. @throws UserError */
export async function findRemoteBackup(bucket: Bucket, name: string): Promise<NamedBackup> {
  const backups = await readRemoteBackups(bucket);
  const found = name === 'latest' ? backups.at(-1) : backups.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = backups.map((each) => each.name).join(', ');
  const there = names === '' ? 'there is none' : `there are ${names}`;
  throw new UserError(`no such backup: ${name}; in ${bucket.url} ${there}`);
}

/**
 * Downloads a backup for the duration of `work`.
 *
 * @param parent the directory for the download
 */
export async function withDownload<T>(
  bucket: Bucket,
  { name, manifest }: NamedBackup,
  parent: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const tempDirectory = mkdtempSync(join(parent, '.from-s3-'));
  const discard = () => rmSync(tempDirectory, { recursive: true, force: true });
  const cancelCleanup = cleanUpOnExit(discard);
  try {
    const directory = join(tempDirectory, name);
    mkdirSync(directory, { mode: 0o700 });
    const archives = filesOf(manifest);
    for (const file of [manifestFile, checksumFile, ...archives.map((each) => each.file)]) {
      await bucket.get(`${name}/${file}`, join(directory, file));
    }
    const bytes = archives.reduce((sum, each) => sum + each.bytes, 0);
    print(`${bucket.url}/${name} downloaded: ${megabytes(bytes)} in ${secondsSince(start)} s`);
    return await work(directory);
  } finally {
    discard();
    cancelCleanup();
  }
}
