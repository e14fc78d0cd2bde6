import type { Target } from '../cluster/kubectl.ts';
import { isReady, isRolledOut, type LiveWorkload, takeSnapshot } from '../cluster/workloads.ts';
import { UserError } from '../process/errors.ts';
import { print } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { kubectlDiff } from './state/kubectl-diff.ts';
import { liveRevision } from './state/live-revision.ts';
import { type Revision, readRevision, writeDirectory } from './state/revision.ts';

const directory = tempDir('recorded-revision');

/** The revision that a failed deployment rolls back to; undefined if nothing is running. */
export async function findRollbackRevision(target: Target): Promise<Revision | undefined> {
  const recorded = await readRevision(target);
  const [{ workloads }, drift] = await Promise.all([
    takeSnapshot(target),
    detectDrift(target, recorded),
  ]);
  switch (rollbackSource({ isRecorded: recorded !== undefined, drift, workloads })) {
    case 'recorded':
      return recorded;
    case 'live':
      print('what is running was not deployed by ./mantis deploy; a failure rolls back to it');
      return liveRevision(target);
    case 'none':
      return undefined;
  }
}

/** How the cluster differs from a revision: `refused` if the API server would no longer accept it. */
type Drift = 'unchanged' | 'changed' | 'refused';

async function detectDrift(target: Target, recorded: Revision | undefined): Promise<Drift> {
  if (recorded === undefined) return 'unchanged';
  writeDirectory(directory, recorded);
  try {
    const { created, changed } = await kubectlDiff(target, directory);
    // Without a StatefulSet, as after --cascade=orphan, the live objects are no state to return to.
    if (created.some((name) => name.startsWith('statefulset/'))) return 'unchanged';
    return created.length + changed.length > 0 ? 'changed' : 'unchanged';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Such as a volume that has another size since, which is immutable.
    return 'refused';
  }
}

/**
 * What to roll back to: the recorded revision, or the live objects if they were changed since, by
 * kubectl or make kind-up, and are healthy.
 */
export function rollbackSource({
  isRecorded,
  drift,
  workloads,
}: {
  readonly isRecorded: boolean;
  readonly drift: Drift;
  readonly workloads: readonly LiveWorkload[];
}): 'recorded' | 'live' | 'none' {
  if (isRecorded && drift !== 'refused') {
    const isHealthy = workloads.length > 0 && workloads.every(isRolledOut);
    return drift === 'changed' && isHealthy ? 'live' : 'recorded';
  }
  // After a first deployment that never became ready there is nothing to roll back to.
  return workloads.some(isReady) ? 'live' : 'none';
}
