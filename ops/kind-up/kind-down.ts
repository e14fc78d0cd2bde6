import type { Settings } from '../../lib/schema.ts';
import { clusterExists, deleteCluster } from '../local/kind.ts';
import { requireEngine, requireTools } from '../local/preflight.ts';
import { print } from '../process/output.ts';

/** `make kind-down`: deletes the local cluster and everything stored in it, if it exists. */
export async function kindDown({ kind: { clusterName } }: Settings): Promise<void> {
  await requireTools('kind');
  await requireEngine();
  if (!(await clusterExists(clusterName))) {
    print(`there is no kind cluster ${clusterName}`);
    return;
  }
  await deleteCluster(clusterName);
  print(`kind cluster ${clusterName} deleted, with everything stored in it`);
}
