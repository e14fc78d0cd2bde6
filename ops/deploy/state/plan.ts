import { exists, type Target } from '../../cluster/kubectl.ts';
import { type Manifest, parseManifests, readManifests } from '../../cluster/manifests.ts';
import { findAllGone } from '../../cluster/prune.ts';
import { partedFiles } from '../../cluster/related-namespaces.ts';
import { type Changes, changesOf } from './changes.ts';
import { writeDirectory } from './revision.ts';

export interface Plan extends Changes {
  readonly removed: readonly string[];
  /** Nothing of it is there yet, not even the namespace. */
  readonly fresh: boolean;
}

/** What a deployment of a directory would create, change and remove. */
export async function planOf(
  target: Target,
  directory: string,
  keep: Parameters<typeof findAllGone>[2],
): Promise<Plan> {
  const manifests = readManifests(directory);
  if (!(await exists(target, 'namespace', target.namespace))) {
    return { created: manifests.map(nameOf), changed: [], removed: [], text: '', fresh: true };
  }
  const { there, toCome } = await partedFiles(target, directory);
  writeDirectory(`${directory}-there`, there);
  const [changes, removed] = await Promise.all([
    changesOf(target, `${directory}-there`),
    findAllGone(target, manifests, keep),
  ]);
  // The API server cannot compare what has no namespace yet.
  const created = [
    ...changes.created,
    ...Object.values(toCome).flatMap(parseManifests).map(nameOf),
  ];
  return { ...changes, created, removed, fresh: false };
}

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

export function isEmpty({ created, changed, removed }: Plan): boolean {
  return created.length + changed.length + removed.length === 0;
}

/** A few lines: numbers, and names where there are not too many. */
export function planText(plan: Plan): string {
  if (isEmpty(plan)) return 'nothing to change: the cluster has what the settings say';
  const line = (word: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`  ${names.length} ${word}: ${shortened(names)}`];
  return [
    plan.fresh ? 'nothing of it is there yet:' : 'compared with what is there:',
    ...line('to create', plan.created),
    ...line('to change', plan.changed),
    ...line('to remove', plan.removed),
  ].join('\n');
}

function shortened(names: readonly string[], most = 12): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
