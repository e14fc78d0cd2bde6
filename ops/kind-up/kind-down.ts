import type { Settings } from '../../lib/schema.ts';
import { clusterExists, deleteCluster } from '../local/kind.ts';
import { requireEngine, requireTools } from '../local/preflight.ts';
import { say } from '../process/output.ts';

/** Removes the local cluster and everything stored in it; no error where there is none. */
export async function kindDown({ kind: { clusterName } }: Settings): Promise<void> {
  await requireTools('kind');
  await requireEngine();
  if (!(await clusterExists(clusterName))) {
    say(`there is no kind cluster ${clusterName}`);
    return;
  }
  await deleteCluster(clusterName);
  say(`kind cluster ${clusterName} deleted, with everything stored in it`);
}
