import { applyFiles } from '../cluster/apply.ts';
import { kubectl, kubectlJson, type Target } from '../cluster/kubectl.ts';
import { type Manifest, parseObjects, readFiles, readManifests } from '../cluster/manifests.ts';
import { prune, prunedKinds } from '../cluster/prune.ts';
import { waitForRollout } from '../cluster/rollout.ts';
import { tempDir } from '../process/temp-dir.ts';
import { liveStatefulSetsSchema, requiresRecreate } from './requirements/immutable.ts';
import { type Revision, writeDirectory } from './state/revision.ts';

const directory = tempDir('rollback');

export interface RollbackOptions {
  /** The objects of the deployment that failed. */
  readonly tried: readonly Manifest[];
  readonly keep: Parameters<typeof prune>[2];
  readonly timeoutSeconds: number;
}

/** Applies what was there before, removes what came since, and waits until it runs. */
export async function rollBack(
  target: Target,
  before: Revision,
  { tried, keep, timeoutSeconds }: RollbackOptions,
): Promise<void> {
  writeDirectory(directory, before);
  const manifests = readManifests(directory);
  await orphanStatefulSets(target, directory);
  await applyFiles(target, directory);
  await prune(target, keptAfter(manifests, tried), keep);
  await waitForRollout(target, { timeoutSeconds, onReady: () => {} });
}

/**
 * Deletes StatefulSets that could not be changed back in place; their pods and volumes stay, and
 * belong to what is applied next.
 */
async function orphanStatefulSets(target: Target, directory: string): Promise<void> {
  const objects = Object.values(readFiles(directory)).flatMap(parseObjects);
  const { items } = await kubectlJson(target, liveStatefulSetsSchema, ['get', 'statefulsets']);
  for (const name of requiresRecreate(objects, items)) {
    await kubectl(target, ['delete', 'statefulset', name, '--cascade=orphan']);
  }
}

/**
 * What a rollback must not remove: what was there before, and cluster-wide objects, which a live
 * snapshot leaves out.
 */
export function keptAfter(before: readonly Manifest[], tried: readonly Manifest[]): Manifest[] {
  const clusterWide: readonly string[] = prunedKinds.cluster;
  const isClusterWide = ({ kind }: Manifest) => clusterWide.includes(kind);
  return before.some(isClusterWide) ? [...before] : [...before, ...tried.filter(isClusterWide)];
}
