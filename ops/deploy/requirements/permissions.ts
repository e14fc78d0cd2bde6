import { kubectl, type Target } from '../../cluster/kubectl.ts';
import type { KubernetesObject } from '../../cluster/manifests.ts';
import { prunedKinds } from '../../cluster/prune.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The kinds of objects by their API group; those of the core group are not listed. */
const groups: Readonly<Record<string, readonly string[]>> = {
  apps: ['Deployment', 'StatefulSet', 'DaemonSet'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['Job', 'CronJob'],
  'coordination.k8s.io': ['Lease'],
  'gateway.networking.k8s.io': ['HTTPRoute'],
  'networking.k8s.io': ['NetworkPolicy', 'Ingress'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
};

const groupOf = (kind: string) =>
  Object.keys(groups).find((group) => groups[group]?.includes(kind)) ?? '';

export interface Permission {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly subresource?: string;
  /** @default - cluster-scoped */
  readonly namespace?: string;
}

/**
 * The permissions that deploy needs.
 *
 * @param fresh whether the namespace is still to be created, which many users may not do
 */
export function requiredPermissions(
  manifests: readonly KubernetesObject[],
  namespace: string,
  fresh = false,
): Permission[] {
  const clusterScoped: readonly string[] = [...prunedKinds.cluster, 'Namespace'];
  const permission = (kind: string, verb: string, within = namespace): Permission => ({
    verb,
    resource: pluralOf(kind),
    group: groupOf(kind),
    ...(!clusterScoped.includes(kind) && { namespace: within }),
  });
  const kindsIn = (within: string) => {
    const own = manifests.filter(({ metadata }) => (metadata.namespace ?? namespace) === within);
    return [...new Set([...own.map(({ kind }) => kind), 'Secret'])].sort();
  };
  // Related namespaces may still have to be created, too.
  const related = manifests.flatMap(({ metadata }) => metadata.namespace ?? []);
  const namespaces = [...new Set([namespace, ...related])];
  const changes = namespaces.flatMap((within) =>
    kindsIn(within).flatMap((kind) => {
      const createsNamespace = fresh || namespaces.length > 1;
      const ofNamespace = createsNamespace ? ['get', 'create', 'patch'] : ['get', 'patch'];
      const verbs = kind === 'Namespace' ? ofNamespace : ['get', 'create', 'patch', 'delete'];
      return verbs.map((verb) => permission(kind, verb, within));
    }),
  );
  const listed = [...prunedKinds.namespaced, ...prunedKinds.cluster, 'Secret', 'Pod'];
  return [
    ...changes,
    // To find orphaned objects and the state of pods.
    ...listed.map((kind) => permission(kind, 'list')),
    permission('PersistentVolumeClaim', 'list'),
    // The lock.
    ...['get', 'create', 'update', 'patch'].map((verb) => permission('Lease', verb)),
    { ...permission('Pod', 'create'), subresource: 'portforward' },
  ];
}

function pluralOf(kind: string): string {
  return kind.toLowerCase().replace(/s$/, 'se').replace(/y$/, 'ie').concat('s');
}

/** Creates a SelfSubjectAccessReview for each permission, as `kubectl auth can-i` does for one. */
export async function checkPermissions(
  target: Target,
  permissions: readonly Permission[],
): Promise<Requirement> {
  const items = permissions.map((resourceAttributes) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  }));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const template = 'go-template={{.status.allowed}}{{"\\n"}}';
  const output = await kubectl(target, ['create', '--filename=-', `--output=${template}`], {
    input,
  });
  return permissionsRequirement(permissions, output.trim().split('\n'));
}

/** @param allowed the `status.allowed` of each review, in the order of the permissions */
export function permissionsRequirement(
  permissions: readonly Permission[],
  allowed: readonly string[],
): Requirement {
  const name = 'permissions';
  const missing = permissions.filter((_, index) => allowed[index] !== 'true');
  if (missing.length === 0) return ok(name, `all ${permissions.length} that deploy needs`);
  const verbs = new Map<string, string[]>();
  for (const { verb, resource, subresource } of missing) {
    const path = [resource, subresource].filter((part) => part).join('/');
    verbs.set(path, [...(verbs.get(path) ?? []), verb]);
  }
  const described = [...verbs].map(([path, all]) => `${all.join('/')} ${path}`);
  return failed(
    name,
    `you may not ${described.join(', ')}`,
    'use a context with these permissions (KUBE_CONTEXT or --context), or have them granted',
  );
}
