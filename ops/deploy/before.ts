import type { Target } from '../cluster/kubectl.ts';
import { isReady, isRolledOut, takeSnapshot, type Workload } from '../cluster/workloads.ts';
import { UserError } from '../process/errors.ts';
import { say } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { changesOf } from './state/changes.ts';
import { liveRevision } from './state/live.ts';
import { type Revision, readRevision, writeDirectory } from './state/revision.ts';

const directory = tempDir('deployed-before');

/** What a deployment that fails goes back to; nothing where nothing ran before it. */
export async function revisionBefore(target: Target): Promise<Revision | undefined> {
  const known = await readRevision(target);
  const [{ workloads }, since] = await Promise.all([takeSnapshot(target), compared(target, known)]);
  switch (rollbackSource({ known: known !== undefined, since, workloads })) {
    case 'known':
      return known;
    case 'live':
      say('what runs now was not deployed by this command; it is what a failure goes back to');
      return liveRevision(target);
    case 'nothing':
      return undefined;
  }
}

type Since = 'unchanged' | 'changed' | 'incomplete' | 'refused';

async function compared(target: Target, known: Revision | undefined): Promise<Since> {
  if (known === undefined) return 'unchanged';
  writeDirectory(directory, known);
  try {
    const { created, changed } = await changesOf(target, directory);
    // Such as one that was let go of to change its volume: its pod runs, but would not come back.
    if (created.some((name) => name.startsWith('statefulset/'))) return 'incomplete';
    return created.length + changed.length > 0 ? 'changed' : 'unchanged';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Such as a volume that had another size then: there is no way back to that.
    return 'refused';
  }
}

export interface Circumstances {
  /** A deployment that worked is on record. */
  readonly known: boolean;
  /**
   * What became of it; `incomplete` if something with a volume is gone, `refused` if the cluster
   * would not take it any more.
   */
  readonly since: Since;
  readonly workloads: readonly Workload[];
}

/**
 * The last deployment that worked. But if somebody changed the cluster since, by kubectl or
 * make kind-up, and it is well, then that is what was there before.
 */
export function rollbackSource({
  known,
  since,
  workloads,
}: Circumstances): 'known' | 'live' | 'nothing' {
  if (known && since !== 'refused') {
    const isWell = workloads.length > 0 && workloads.every(isRolledOut);
    return since === 'changed' && isWell ? 'live' : 'known';
  }
  // A first deployment of which nothing ever ran is nothing to go back to.
  return workloads.some(isReady) ? 'live' : 'nothing';
}
