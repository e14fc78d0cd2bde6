import { join } from 'node:path';
import { messageOf, UserError } from '../process/errors.ts';
import { say } from '../process/output.ts';
import { backupNames, findBackup } from './files/directory.ts';
import { printList } from './files/list.ts';
import { verify } from './files/verify.ts';
import type { Bucket } from './s3/bucket.ts';
import { findRemote, remoteBackups, withDownload } from './s3/remote.ts';

export async function listRemotes(bucket: Bucket): Promise<void> {
  printList(await remoteBackups(bucket), bucket.url);
}

/**
 * Reads one backup of a directory from end to end, or all of them.
 *
 * @throws UserError that names each one that is damaged
 */
export async function verifyLocal(given: string | undefined, directory: string): Promise<void> {
  const backups =
    given === undefined
      ? backupNames(directory).map((name) => join(directory, name))
      : [findBackup(given, directory)];
  if (backups.length === 0) say(`no backups in ${directory}: make backup makes one`);
  await forEach(backups, async (each) => {
    await verify(each);
    say(`${each} is sound`);
  });
}

/** The same with those of a bucket, each downloaded below a directory. */
export async function verifyRemotes(
  bucket: Bucket,
  given: string | undefined,
  directory: string,
): Promise<void> {
  const backups =
    given === undefined ? await remoteBackups(bucket) : [await findRemote(bucket, given)];
  if (backups.length === 0) say(`no backups in ${bucket.url}: make backup makes one`);
  await forEach(backups, (each) =>
    withDownload(bucket, each, directory, async (downloaded) => {
      await verify(downloaded);
      say(`${bucket.url}/${each.name} is sound`);
    }),
  );
}

/** Does the same with each, and says afterwards what went wrong with any. @throws UserError */
async function forEach<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const complaints: string[] = [];
  for (const each of all) {
    try {
      await work(each);
    } catch (error) {
      complaints.push(messageOf(error));
    }
  }
  if (complaints.length > 0) throw new UserError(complaints.join('\n'));
}
