import { z } from 'zod';
import { belongsToLabel } from '../../lib/model/labels.ts';
import { foreignObjects } from './foreign-objects.ts';
import { exists, kubectl, kubectlList, type Target } from './kubectl.ts';
import { type KubernetesObject, parseManifests, readManifestFiles } from './manifests.ts';

const namespaceSchema = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
});

/**
 * The other namespaces of an installation, such as the cluster view's, found by their label. The
 * settings do not tell: a part that they disable may still be in the cluster.
 */
export async function relatedNamespaces(target: Target): Promise<Target[]> {
  const selector = `--selector=${belongsToLabel}=${target.namespace}`;
  try {
    const found = await kubectlList(target, namespaceSchema, ['get', 'namespaces', selector]);
    return found
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => ({ ...target, namespace: metadata.name }));
  } catch (error) {
    // A user with permissions for one namespace alone has no related ones.
    if (/forbidden/i.test(String(error))) return [];
    throw error;
  }
}

export async function allTargets(target: Target): Promise<Target[]> {
  return [target, ...(await relatedNamespaces(target))];
}

export function obsoleteNamespaces(
  related: readonly Target[],
  desired: readonly KubernetesObject[],
): Target[] {
  const wanted = desired
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ metadata }) => metadata.name);
  return related.filter(({ namespace }) => !wanted.includes(namespace));
}

/**
 * Deletes a related namespace, in which Mantis stores no data, unless it has foreign objects.
 *
 * @returns whether it was deleted
 */
export async function deleteRelatedNamespace(target: Target): Promise<boolean> {
  if ((await foreignObjects(target)).length > 0) return false;
  const { namespace } = target;
  await kubectl(target, ['delete', 'namespace', namespace, '--wait=false']);
  // A rollback could not create it again while it is terminating.
  const wait = ['wait', '--for=delete', `namespace/${namespace}`, '--timeout=120s'];
  await kubectl(target, wait).catch(() => {});
  return true;
}

/** Splits the manifest files of a directory by whether the namespaces of their objects exist. */
export async function splitFilesByNamespace(target: Target, directory: string) {
  const files = Object.entries(readManifestFiles(directory));
  const all = new Set(files.flatMap(([, text]) => namespacesOf(text)));
  const others = [...all].filter((namespace) => namespace !== target.namespace);
  const found = await Promise.all(others.map((name) => exists(target, 'namespace', name)));
  const absent = others.filter((_, index) => !found[index]);
  const isExisting = (text: string) => !namespacesOf(text).some((name) => absent.includes(name));
  return {
    existing: Object.fromEntries(files.filter(([, text]) => isExisting(text))),
    missing: Object.fromEntries(files.filter(([, text]) => !isExisting(text))),
  };
}

function namespacesOf(text: string): string[] {
  return parseManifests(text).flatMap(({ metadata }) => metadata.namespace ?? []);
}
