import { z } from 'zod';
import { customersName } from '../../lib/jobs/load.ts';
import { labelKeys, loadGeneratorLabels } from '../../lib/model/labels.ts';
import { kubectl, kubectlList, type Target } from './kubectl.ts';
import type { KubernetesObject } from './manifests.ts';
import { mantisSelector } from './pods.ts';
import {
  deleteRelatedNamespace,
  obsoleteNamespaces,
  relatedNamespaces,
} from './related-namespaces.ts';

/**
 * The kinds of objects that are pruned. Never volumes (data), Secrets (created by deploy, not in the
 * manifests) or the namespace.
 */
export const prunedKinds = {
  namespaced: [
    'ConfigMap',
    'Service',
    'ServiceAccount',
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'Job',
    'CronJob',
    'NetworkPolicy',
    'Role',
    'RoleBinding',
    'Ingress',
    'PodDisruptionBudget',
    'HorizontalPodAutoscaler',
  ],
  cluster: ['ClusterRole', 'ClusterRoleBinding'],
} as const;

/** The kind of Grafana's route, which is pruned too, where the cluster has it. */
const routeKind = 'HTTPRoute.gateway.networking.k8s.io';

const liveObjectSchema = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.array(z.object({ kind: z.string() })).optional(),
  }),
  roleRef: z.object({ name: z.string() }).optional(),
  subjects: z.array(z.object({ namespace: z.string().optional() })).optional(),
});

export type LiveObject = z.output<typeof liveObjectSchema>;

export function orphanedObjects(
  live: readonly LiveObject[],
  desired: readonly KubernetesObject[],
  namespace: string,
): LiveObject[] {
  const wanted = new Set(desired.map((object) => objectKey(object, namespace)));
  return live
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ metadata }) => metadata.ownerReferences === undefined)
    .filter((object) => isNamespaced(object) || belongsToInstallation(object, live, namespace))
    .filter((object) => !wanted.has(objectKey(object, namespace)));
}

/**
 * Whether a cluster-scoped object belongs to the installation in a namespace, and not to another one
 * of the same cluster: a ClusterRoleBinding does if it binds ServiceAccounts of that namespace, a
 * ClusterRole if such a binding refers to it.
 */
function belongsToInstallation(
  object: LiveObject,
  live: readonly LiveObject[],
  namespace: string,
): boolean {
  if (object.kind === 'ClusterRoleBinding') {
    const subjects = object.subjects ?? [];
    return subjects.length > 0 && subjects.every((subject) => subject.namespace === namespace);
  }
  const bindings = live.filter(
    ({ kind, roleRef }) => kind === 'ClusterRoleBinding' && roleRef?.name === object.metadata.name,
  );
  return (
    bindings.length > 0 &&
    bindings.every((binding) => belongsToInstallation(binding, live, namespace))
  );
}

function isNamespaced({ kind }: LiveObject): boolean {
  return !(prunedKinds.cluster as readonly string[]).includes(kind);
}

function objectKey({ kind, metadata }: LiveObject | KubernetesObject, namespace: string): string {
  const cluster = (prunedKinds.cluster as readonly string[]).includes(kind);
  return [kind, cluster ? '' : (metadata.namespace ?? namespace), metadata.name].join('/');
}

/** Background load and load tests, which have commands of their own. */
export function isLoadGenerator({ metadata }: LiveObject): boolean {
  return metadata.labels?.[labelKeys.component] === loadGeneratorLabels[labelKeys.component];
}

/** A load test, which ends by itself and which no deployment may end. */
export function isLoadTest(object: LiveObject): boolean {
  return isLoadGenerator(object) && object.metadata.name !== customersName;
}

/**
 * The names of the orphaned objects of a namespace, in the order of their deletion.
 *
 * @param keep objects that stay although they are orphaned
 */
export async function findOrphans(
  target: Target,
  desired: readonly KubernetesObject[],
  keep: (object: LiveObject) => boolean = () => false,
): Promise<string[]> {
  const kinds = [...prunedKinds.namespaced, ...prunedKinds.cluster].join(',');
  const [live, routes] = await Promise.all([
    kubectlList(target, liveObjectSchema, ['get', kinds, mantisSelector]),
    kubectlList(target, liveObjectSchema, ['get', routeKind, mantisSelector]).catch(() => []),
  ]);
  // ClusterRoles before their bindings, which say which installation the roles belong to.
  return orphanedObjects([...live, ...routes], desired, target.namespace)
    .filter((object) => !keep(object))
    .sort((a, b) => deletionOrder(a) - deletionOrder(b))
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

export async function findAllOrphans(
  target: Target,
  desired: readonly KubernetesObject[],
  keep?: (object: LiveObject) => boolean,
) {
  const related = await relatedNamespaces(target);
  const objects = [target, ...related].map(async (each) =>
    (await findOrphans(each, desired, keep)).map((name) => ({
      target: each,
      name,
      isNamespace: false,
    })),
  );
  const namespaces = obsoleteNamespaces(related, desired).map((each) => ({
    target: each,
    name: `namespace/${each.namespace}`,
    isNamespace: true,
  }));
  return [...(await Promise.all(objects)).flat(), ...namespaces];
}

/** Deletes what findAllOrphans finds. @returns the names of what was deleted */
export async function prune(...args: Parameters<typeof findAllOrphans>): Promise<string[]> {
  const removed: string[] = [];
  for (const { target, name, isNamespace } of await findAllOrphans(...args)) {
    if (isNamespace && !(await deleteRelatedNamespace(target))) continue;
    if (!isNamespace) await kubectl(target, ['delete', name, '--ignore-not-found', '--wait=false']);
    removed.push(name);
  }
  return removed;
}

function deletionOrder({ kind }: LiveObject): number {
  return kind === 'ClusterRoleBinding' ? 1 : 0;
}
