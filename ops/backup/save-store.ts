import { join } from 'node:path';
import type { Session } from '../cluster/session.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { warn } from '../process/output.ts';
import { gather } from './consistency-checks.ts';
import type { Evidence, SavedStore } from './files/manifest.ts';
import type { StoreName } from './files/stores.ts';
import { archiveProblem } from './files/verify.ts';
import { withHelper } from './volume/helper.ts';
import { requireRunning, whileStopped } from './volume/scale-down.ts';
import { download } from './volume/stream.ts';
import { measure } from './volume/volume.ts';

/**
 * Copies the volume of a store while the store is stopped, which is the one moment at which all it
 * has is on disk and nothing changes. What is sent meanwhile waits in the collector's queue.
 */
export async function saveStore(
  session: Session,
  store: StoreName,
  directory: string,
  image: string | undefined,
): Promise<SavedStore> {
  const { target } = session;
  const state = await requireRunning(target, store);
  const evidence = await evidenceOf(session, store);
  const file = `${store}.tar.gz`;
  const { result, toldAt, awaySeconds } = await withHelper(
    session,
    store,
    { writable: false, image },
    (helper) =>
      whileStopped(target, store, async () => {
        const contents = await measure(helper);
        const archive = await download(target, helper, join(directory, file));
        return { ...contents, archive: { file, ...archive } };
      }),
  );
  const saved: SavedStore = {
    ...result,
    image: state.image,
    takenAt: toldAt.toISOString(),
    awaySeconds,
    evidence,
  };
  // From the disk: a connection that ends early, or a disk that forgets, shows here and not later.
  const problem = await archiveProblem(directory, saved);
  if (problem !== undefined) throw new UserError(problem);
  return saved;
}

async function evidenceOf(session: Session, store: StoreName): Promise<Evidence[]> {
  try {
    return await gather(session, store);
  } catch (error) {
    // A store that is unwell is the one to save first.
    warn(
      `${store} does not say what it holds, so a restore cannot be compared with it: ${messageOf(error)}`,
    );
    return [];
  }
}
