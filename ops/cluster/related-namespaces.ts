import { z } from 'zod';
import { belongsToLabel } from '../../lib/model/labels.ts';
import { strangers } from './foreign-objects.ts';
import { exists, kubectl, kubectlJson, type Target } from './kubectl.ts';
import { type Manifest, parseManifests, readFiles } from './manifests.ts';

const namespaces = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
    }),
  ),
});

/**
 * The namespaces beside the stack's that belong to it, such as the cluster view's. Asked of the
 * cluster, not of the settings: what was switched off is still there.
 */
export async function besideOf(target: Target): Promise<Target[]> {
  const selector = `--selector=${belongsToLabel}=${target.namespace}`;
  try {
    const { items } = await kubectlJson(target, namespaces, ['get', 'namespaces', selector]);
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => ({ ...target, namespace: metadata.name }));
  } catch (error) {
    // Who may only use the stack's namespace has nothing beside it.
    if (/forbidden/i.test(String(error))) return [];
    throw error;
  }
}

/** The stack's namespace and those beside it. */
export async function allTargets(target: Target): Promise<Target[]> {
  return [target, ...(await besideOf(target))];
}

/** Which of the namespaces beside the stack's the output has no more. */
export function goneBeside(beside: readonly Target[], output: readonly Manifest[]): Target[] {
  const wanted = output
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ metadata }) => metadata.name);
  return beside.filter(({ namespace }) => !wanted.includes(namespace));
}

/**
 * Removes a namespace whose objects are being removed. They hold nothing that could be lost; but
 * what somebody else has put there is not ours to remove.
 *
 * @returns whether it goes
 */
export async function removeBeside(target: Target): Promise<boolean> {
  if ((await strangers(target)).length > 0) return false;
  const { namespace } = target;
  await kubectl(target, ['delete', 'namespace', namespace, '--wait=false']);
  // Until it has ended, whoever makes it again, as a rollback does, would be refused.
  const gone = ['wait', '--for=delete', `namespace/${namespace}`, '--timeout=120s'];
  await kubectl(target, gone).catch(() => {});
  return true;
}

/** The files of a directory, parted by whether the namespace of their objects is there. */
export async function partedFiles(target: Target, directory: string) {
  const files = Object.entries(readFiles(directory));
  const named = files.flatMap(([, text]) => namespacesOf(text));
  const asked = [...new Set(named)].filter((namespace) => namespace !== target.namespace);
  const answers = await Promise.all(asked.map((name) => exists(target, 'namespace', name)));
  const absent = asked.filter((_, index) => !answers[index]);
  const isThere = (text: string) => !namespacesOf(text).some((name) => absent.includes(name));
  return {
    there: Object.fromEntries(files.filter(([, text]) => isThere(text))),
    toCome: Object.fromEntries(files.filter(([, text]) => !isThere(text))),
  };
}

function namespacesOf(text: string): string[] {
  return parseManifests(text).flatMap(({ metadata }) => metadata.namespace ?? []);
}
