import { join } from 'node:path';
import type { Session } from '../cluster/session.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { megabytes } from './files/list.ts';
import type { SavedStore } from './files/manifest.ts';
import type { StoreName } from './files/stores.ts';
import { type Helper, withHelper } from './volume/helper.ts';
import { whileStopped } from './volume/scale-down.ts';
import { upload } from './volume/stream.ts';
import { freeBytes, measureIncoming, swapBack, swapIn, tidy } from './volume/volume.ts';

/**
 * Gives a store the content of a backup. The archive is unpacked beside what the store has while
 * the store still runs; only the swap needs it stopped. What it had stays until it has come up with
 * the new, and comes back if it does not.
 *
 * @returns for how many seconds the store was away
 */
export async function restoreStore(
  session: Session,
  store: StoreName,
  directory: string,
  saved: SavedStore,
  image: string | undefined,
): Promise<number> {
  const { target } = session;
  const options = { writable: true, image };
  let swapped = false;
  try {
    const { awaySeconds } = await withHelper(session, store, options, async (helper) => {
      await place(session, helper, directory, saved);
      return whileStopped(target, store, async () => {
        await swapIn(helper).catch(async (error: unknown) => {
          await swapBack(helper);
          throw error;
        });
        swapped = true;
        // Its pod may be given another node, which gets the volume once nobody has it here.
        await helper.remove();
      });
    });
    await withHelper(session, store, options, tidy);
    return awaySeconds;
  } catch (error) {
    if (!swapped) throw new UserError(`${store} was not restored: ${messageOf(error)}`);
    return putBack(session, store, options, messageOf(error));
  }
}

/** Unpacks a backup on the volume and sees that all of it is there. */
async function place(
  { target }: Session,
  helper: Helper,
  directory: string,
  { archive, files, bytes }: SavedStore,
): Promise<void> {
  await tidy(helper);
  const free = await freeBytes(helper);
  // Blocks are filled up, and each file has its entry.
  const needed = Math.ceil(bytes * 1.02) + files * 4096;
  if (free < needed) {
    throw new UserError(
      `its volume has ${megabytes(free)} free and the backup needs ${megabytes(needed)} beside what is there: enlarge the volume, or give the store an empty one (docs/backup.md)`,
    );
  }
  try {
    await upload(target, helper, join(directory, archive.file));
    const got = await measureIncoming(helper);
    if (got.files !== files || got.bytes !== bytes) {
      throw new UserError(
        `${got.files} files of ${got.bytes} bytes arrived, the backup has ${files} of ${bytes}`,
      );
    }
  } catch (error) {
    await tidy(helper);
    throw error;
  }
}

async function putBack(
  session: Session,
  store: StoreName,
  options: { writable: boolean; image: string | undefined },
  why: string,
): Promise<never> {
  let outcome: string;
  try {
    await whileStopped(session.target, store, () => withHelper(session, store, options, swapBack));
    outcome = 'it runs again with what it had before';
  } catch (error) {
    outcome = `what it had before is in .mantis-previous on its volume; putting it back failed: ${messageOf(error)}`;
  }
  throw new UserError(`${store} could not be restored: ${why}\n  ${outcome}`);
}
