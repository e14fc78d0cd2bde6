import { z } from 'zod';
import { customersName } from '../../lib/jobs/load.ts';
import { labelKeys, loadGeneratorLabels, partOf } from '../../lib/model/labels.ts';
import { kubectl, kubectlJson, type Target } from './kubectl.ts';
import type { Manifest } from './manifests.ts';
import { besideOf, goneBeside, removeBeside } from './related-namespaces.ts';

/**
 * The kinds that may be removed when they are gone from the output. Never volumes (data), Secrets
 * (made at deployment, not in the output) or the namespace.
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

const liveSchema = z.object({
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

export type LiveObject = z.output<typeof liveSchema>;

/** What is in the cluster under our label and in the output no more. */
export function orphanedObjects(
  live: readonly LiveObject[],
  output: readonly Manifest[],
  namespace: string,
): LiveObject[] {
  const wanted = new Set(output.map((manifest) => keyOf(manifest, namespace)));
  return live
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ metadata }) => metadata.ownerReferences === undefined)
    .filter((object) => isNamespaced(object) || belongsTo(object, live, namespace))
    .filter((object) => !wanted.has(keyOf(object, namespace)));
}

/**
 * Cluster-wide objects carry no namespace, and another installation has some under the same
 * label: ours are the bindings of our ServiceAccounts and the roles that these name.
 */
function belongsTo(object: LiveObject, live: readonly LiveObject[], namespace: string): boolean {
  if (object.kind === 'ClusterRoleBinding') {
    const subjects = object.subjects ?? [];
    return subjects.length > 0 && subjects.every((subject) => subject.namespace === namespace);
  }
  const bindings = live.filter(
    ({ kind, roleRef }) => kind === 'ClusterRoleBinding' && roleRef?.name === object.metadata.name,
  );
  return bindings.length > 0 && bindings.every((binding) => belongsTo(binding, live, namespace));
}

function isNamespaced({ kind }: LiveObject): boolean {
  return !(prunedKinds.cluster as readonly string[]).includes(kind);
}

function keyOf({ kind, metadata }: LiveObject | Manifest, namespace: string): string {
  const cluster = (prunedKinds.cluster as readonly string[]).includes(kind);
  return [kind, cluster ? '' : (metadata.namespace ?? namespace), metadata.name].join('/');
}

const listSchema = z.object({ items: z.array(liveSchema) });

/** Customers and load tests, which commands of their own bring to a cluster and take away. */
export function isLoadGenerator({ metadata }: LiveObject): boolean {
  return metadata.labels?.[labelKeys.component] === loadGeneratorLabels[labelKeys.component];
}

/** A load test, which ends by itself: no change of what is deployed shall end it. */
export function isLoadTest(object: LiveObject): boolean {
  return isLoadGenerator(object) && object.metadata.name !== customersName;
}

/** The names of what is in the cluster and in the output no more, in the order of removal. */
export async function findGone(
  target: Target,
  output: readonly Manifest[],
  keep: (object: LiveObject) => boolean = () => false,
): Promise<string[]> {
  const kinds = [...prunedKinds.namespaced, ...prunedKinds.cluster].join(',');
  const selector = `--selector=${labelKeys.partOf}=${partOf}`;
  const { items } = await kubectlJson(target, listSchema, ['get', kinds, selector]);
  const gone = orphanedObjects(items, output, target.namespace).filter((object) => !keep(object));
  // Roles go before their bindings: without the binding nothing would say whose they are.
  const ordered = [...gone].sort((a, b) => rank(a) - rank(b));
  return ordered.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

/** The same, also of namespaces beside the stack's, and these themselves. */
export async function findAllGone(
  target: Target,
  output: readonly Manifest[],
  keep?: (object: LiveObject) => boolean,
): Promise<string[]> {
  const beside = await besideOf(target);
  const places = [target, ...beside];
  const names = await Promise.all(places.map((place) => findGone(place, output, keep)));
  const left = goneBeside(beside, output).map(({ namespace }) => `namespace/${namespace}`);
  return [...names.flat(), ...left];
}

/** Removes what the output no longer has; gives the names of what went. */
export async function prune(
  target: Target,
  output: readonly Manifest[],
  keep?: (object: LiveObject) => boolean,
): Promise<string[]> {
  const removed: string[] = [];
  const beside = await besideOf(target);
  for (const place of [target, ...beside]) {
    for (const name of await findGone(place, output, keep)) {
      await kubectl(place, ['delete', name, '--ignore-not-found', '--wait=false']);
      removed.push(name);
    }
  }
  for (const place of goneBeside(beside, output)) {
    if (await removeBeside(place)) removed.push(`namespace/${place.namespace}`);
  }
  return removed;
}

function rank({ kind }: LiveObject): number {
  return kind === 'ClusterRoleBinding' ? 1 : 0;
}
