import { exists, type Target } from '../kubectl.ts';
import { readManifests } from '../manifests.ts';
import { findGone } from '../prune.ts';
import { type Changes, changesOf } from './changes.ts';

export interface Plan extends Changes {
  readonly removed: readonly string[];
  /** Nothing of it is there yet, not even the namespace. */
  readonly fresh: boolean;
}

/** What a deployment of a directory would create, change and remove. */
export async function planOf(
  target: Target,
  directory: string,
  keep: Parameters<typeof findGone>[2],
): Promise<Plan> {
  const manifests = readManifests(directory);
  if (!(await exists(target, 'namespace', target.namespace))) {
    const created = manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
    return { created, changed: [], removed: [], text: '', fresh: true };
  }
  const [changes, removed] = await Promise.all([
    changesOf(target, directory),
    findGone(target, manifests, keep),
  ]);
  return { ...changes, removed, fresh: false };
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
