import type { Settings } from '../lib/settings.ts';
import { clusterExists, deleteCluster } from './kind.ts';
import { say } from './output.ts';
import { requireDocker, requireTools } from './preflight.ts';

/** Removes the local cluster and everything stored in it; no error where there is none. */
export async function kindDown({ kind: { clusterName } }: Settings): Promise<void> {
  await requireTools('docker', 'kind');
  await requireDocker();
  if (!(await clusterExists(clusterName))) {
    say(`there is no kind cluster ${clusterName}`);
    return;
  }
  await deleteCluster(clusterName);
  say(`kind cluster ${clusterName} deleted, with everything stored in it`);
}
