import { join } from 'node:path';
import type { Session } from '../cluster/session.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { printWarning } from '../process/output.ts';
import type { StoreName } from '../stores/store.ts';
import { recordChecks } from './consistency-checks.ts';
import type { ConsistencyCheck, SavedStore } from './files/backup-manifest.ts';
import { archiveProblem } from './files/verify.ts';
import { withHelper } from './volume/helper.ts';
import { requireRunning, withStoreStopped } from './volume/scale-down.ts';
import { download } from './volume/stream.ts';
import { measureVolume } from './volume/volume.ts';

/**
 * Copies the volume of a store while the store is stopped: all of its data is then on disk and does not
 * change. Telemetry that is sent meanwhile waits in the queue of the collector.
 *
 * @returns what was saved, and the checksum of the archive as it was written
 */
export async function saveStore(
  session: Session,
  store: StoreName,
  directory: string,
): Promise<{ saved: SavedStore; sha256: string }> {
  const { target } = session;
  const state = await requireRunning(target, store);
  const evidence = await tryRecordChecks(session, store);
  const file = `${store}.tar.gz`;
  const { result, stoppedAt, awaySeconds } = await withHelper(
    session,
    store,
    { writable: false },
    (helper) =>
      withStoreStopped(target, store, async () => {
        const contents = await measureVolume(helper);
        return { contents, ...(await download(target, helper, join(directory, file))) };
      }),
  );
  const saved: SavedStore = {
    ...result.contents,
    archive: { file, bytes: result.bytes },
    image: state.image,
    takenAt: stoppedAt.toISOString(),
    awaySeconds,
    evidence,
  };
  // Reads the archive from the disk again: finds a truncated download and a failing disk now, not later.
  const problem = await archiveProblem(directory, saved);
  if (problem !== undefined) throw new UserError(problem);
  return { saved, sha256: result.sha256 };
}

async function tryRecordChecks(session: Session, store: StoreName): Promise<ConsistencyCheck[]> {
  try {
    return await recordChecks(session, store);
  } catch (error) {
    // A backup of an unhealthy store is better than none.
    printWarning(
      `${store} cannot be queried, so a restore cannot be compared with what it holds now: ${messageOf(error)}`,
    );
    return [];
  }
}
