import { exists, type Target } from '../../cluster/kubectl.ts';
import { type KubernetesObject, parseManifests, readManifests } from '../../cluster/manifests.ts';
import { findAllOrphans } from '../../cluster/prune.ts';
import { splitFilesByNamespace } from '../../cluster/related-namespaces.ts';
import { type DiffResult, kubectlDiff } from './kubectl-diff.ts';
import { writeDirectory } from './revision.ts';

export interface DeployPlan extends DiffResult {
  readonly removed: readonly string[];
  readonly fresh: boolean;
}

export async function planDeploy(
  target: Target,
  directory: string,
  keep: Parameters<typeof findAllOrphans>[2],
): Promise<DeployPlan> {
  const manifests = readManifests(directory);
  if (!(await exists(target, 'namespace', target.namespace))) {
    return { created: manifests.map(objectName), changed: [], removed: [], text: '', fresh: true };
  }
  const { existing, missing } = await splitFilesByNamespace(target, directory);
  writeDirectory(`${directory}-existing`, existing);
  const [difference, orphans] = await Promise.all([
    kubectlDiff(target, `${directory}-existing`),
    findAllOrphans(target, manifests, keep),
  ]);
  // kubectl diff fails for objects whose namespace does not exist.
  const created = [
    ...difference.created,
    ...Object.values(missing).flatMap(parseManifests).map(objectName),
  ];
  return { ...difference, created, removed: orphans.map(({ name }) => name), fresh: false };
}

function objectName({ kind, metadata }: KubernetesObject): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

export function isEmpty({ created, changed, removed }: DeployPlan): boolean {
  return created.length + changed.length + removed.length === 0;
}

export function formatPlan(plan: DeployPlan): string {
  if (isEmpty(plan)) return 'no changes: the cluster matches the settings';
  const line = (word: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`  ${names.length} ${word}: ${truncateList(names)}`];
  return [
    plan.fresh ? 'a new installation:' : 'compared with the cluster:',
    ...line('to create', plan.created),
    ...line('to change', plan.changed),
    ...line('to remove', plan.removed),
  ].join('\n');
}

function truncateList(names: readonly string[], most = 12): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
