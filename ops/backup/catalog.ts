import { join } from 'node:path';
import { messageOf, UserError } from '../process/errors.ts';
import { print } from '../process/output.ts';
import { backupNames, findBackup } from './files/directory.ts';
import { printList } from './files/list.ts';
import { verifyBackup } from './files/verify.ts';
import type { Bucket } from './s3/bucket.ts';
import { findRemoteBackup, readRemoteBackups, withDownload } from './s3/remote-backups.ts';

export async function listRemote(bucket: Bucket): Promise<void> {
  printList(await readRemoteBackups(bucket), bucket.url);
}

/**
 * Verifies one backup of a directory, or all of them.
 *
 * @throws UserError with every damaged one
 */
export async function verifyLocal(given: string | undefined, directory: string): Promise<void> {
  const backups =
    given === undefined
      ? backupNames(directory).map((name) => join(directory, name))
      : [findBackup(given, directory)];
  if (backups.length === 0) print(`no backups in ${directory}: ./mantis backup makes one`);
  const errors: string[] = [];
  for (const each of backups) {
    try {
      await verifyBackup(each);
      print(`${each} is valid`);
    } catch (error) {
      errors.push(messageOf(error));
    }
  }
  if (errors.length > 0) throw new UserError(errors.join('\n'));
}

export async function verifyRemote(bucket: Bucket, name: string, directory: string): Promise<void> {
  const backup = await findRemoteBackup(bucket, name);
  await withDownload(bucket, backup, directory, async (downloaded) => {
    await verifyBackup(downloaded);
    print(`${bucket.url}/${backup.name} is valid`);
  });
}
