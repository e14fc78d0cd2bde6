import { applyManifests } from '../cluster/apply.ts';
import { kubectl, kubectlList, type Target } from '../cluster/kubectl.ts';
import {
  type KubernetesObject,
  parseDocuments,
  readManifestFiles,
  readManifests,
} from '../cluster/manifests.ts';
import { prune, prunedKinds } from '../cluster/prune.ts';
import { waitForRollout } from '../cluster/rollout.ts';
import { tempDir } from '../process/temp-dir.ts';
import { requiresRecreate, statefulSetSchema } from './requirements/immutable-fields.ts';
import { type Revision, writeDirectory } from './state/revision.ts';

const directory = tempDir('rollback');

export interface RollbackOptions {
  readonly attempted: readonly KubernetesObject[];
  readonly keep: Parameters<typeof prune>[2];
  readonly timeoutSeconds: number;
}

/** Applies the previous revision, prunes what the failed deployment added, and waits for the rollout. */
export async function rollBack(
  target: Target,
  previous: Revision,
  { attempted, keep, timeoutSeconds }: RollbackOptions,
): Promise<void> {
  writeDirectory(directory, previous);
  const manifests = readManifests(directory);
  await orphanStatefulSets(target, directory);
  await applyManifests(target, directory);
  await prune(target, objectsToKeep(manifests, attempted), keep);
  await waitForRollout(target, { timeoutSeconds, onReady: () => {} });
}

/**
 * Deletes StatefulSets whose immutable fields differ. Their pods and volumes stay, and are adopted by
 * those that are applied next.
 */
async function orphanStatefulSets(target: Target, directory: string): Promise<void> {
  const objects = Object.values(readManifestFiles(directory)).flatMap(parseDocuments);
  const live = await kubectlList(target, statefulSetSchema, ['get', 'statefulsets']);
  for (const name of requiresRecreate(objects, live)) {
    await kubectl(target, ['delete', 'statefulset', name, '--cascade=orphan']);
  }
}

/**
 * The objects that a rollback must not prune: those of the previous revision, and the cluster-scoped
 * ones of the failed deployment if the revision has none, as a live revision.
 */
export function objectsToKeep(
  previous: readonly KubernetesObject[],
  attempted: readonly KubernetesObject[],
): KubernetesObject[] {
  const clusterScoped: readonly string[] = prunedKinds.cluster;
  const isClusterScoped = ({ kind }: KubernetesObject) => clusterScoped.includes(kind);
  const kept = previous.some(isClusterScoped) ? [] : attempted.filter(isClusterScoped);
  return [...previous, ...kept];
}
