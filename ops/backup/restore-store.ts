import { join } from 'node:path';
import type { Session } from '../cluster/session.ts';
import { messageOf, UserError } from '../process/errors.ts';
import type { StoreName } from '../stores/store.ts';
import type { SavedStore } from './files/backup-manifest.ts';
import { megabytes } from './files/list.ts';
import { type HelperPod, withHelper } from './volume/helper.ts';
import { withStoreStopped } from './volume/scale-down.ts';
import { uploadArchive } from './volume/stream.ts';
import {
  activate,
  cleanUp,
  freeBytes,
  measureRestored,
  restorePreviousData,
} from './volume/volume.ts';

const writable = { writable: true };

/**
 * Replaces the data of a store by that of a backup. The archive is unpacked to a directory of the volume
 * while the store still runs; the store is stopped only for the exchange of the directories. The
 * previous data is deleted when the store is ready with the restored data, and put back if it is not.
 *
 * @returns for how many seconds the store was down
 */
export async function restoreStore(
  session: Session,
  store: StoreName,
  directory: string,
  saved: SavedStore,
): Promise<number> {
  const { target } = session;
  let activated = false;
  try {
    const { awaySeconds } = await withHelper(session, store, writable, async (helper) => {
      await unpackArchive(session, helper, directory, saved);
      return withStoreStopped(target, store, async () => {
        await activate(helper).catch(async (error: unknown) => {
          await restorePreviousData(helper);
          throw error;
        });
        activated = true;
        // The pod of the store may start on another node, which needs the volume to be detached here.
        await helper.remove();
      });
    });
    await withHelper(session, store, writable, cleanUp);
    return awaySeconds;
  } catch (error) {
    if (!activated) throw new UserError(`${store} was not restored: ${messageOf(error)}`);
    return restorePrevious(session, store, messageOf(error));
  }
}

async function unpackArchive(
  { target }: Session,
  helper: HelperPod,
  directory: string,
  { archive, files, bytes }: SavedStore,
): Promise<void> {
  await cleanUp(helper);
  const free = await freeBytes(helper);
  // The file system rounds each file up to blocks.
  const needed = Math.ceil(bytes * 1.02) + files * 4096;
  if (free < needed) {
    throw new UserError(
      `its volume has ${megabytes(free)} free and the backup needs ${megabytes(needed)} in addition to the present data: enlarge the volume, or give the store an empty one (docs/backup.md)`,
    );
  }
  try {
    await uploadArchive(target, helper, join(directory, archive.file));
    const got = await measureRestored(helper);
    if (got.files !== files || got.bytes !== bytes) {
      throw new UserError(
        `${got.files} files of ${got.bytes} bytes arrived, the backup has ${files} of ${bytes}`,
      );
    }
  } catch (error) {
    await cleanUp(helper);
    throw error;
  }
}

async function restorePrevious(session: Session, store: StoreName, why: string): Promise<never> {
  let outcome: string;
  try {
    await withStoreStopped(session.target, store, () =>
      withHelper(session, store, writable, restorePreviousData),
    );
    outcome = 'it runs again with its previous data';
  } catch (error) {
    outcome = `its previous data is in .mantis-previous on its volume; restoring that failed: ${messageOf(error)}`;
  }
  throw new UserError(`${store} could not be restored: ${why}\n  ${outcome}`);
}
