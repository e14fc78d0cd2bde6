import { kubectl, type Target } from '../../cluster/kubectl.ts';
import type { Manifest } from '../../cluster/manifests.ts';
import { prunedKinds } from '../../cluster/prune.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The API groups of what we make; the core group has no name. */
const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  NetworkPolicy: 'networking.k8s.io',
  Ingress: 'networking.k8s.io',
  PodDisruptionBudget: 'policy',
  DaemonSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  Role: 'rbac.authorization.k8s.io',
  RoleBinding: 'rbac.authorization.k8s.io',
  HorizontalPodAutoscaler: 'autoscaling',
  Lease: 'coordination.k8s.io',
  ClusterRole: 'rbac.authorization.k8s.io',
  ClusterRoleBinding: 'rbac.authorization.k8s.io',
};

export interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly subresource?: string;
  /** Left out for what is in no namespace. */
  readonly namespace?: string;
}

/**
 * Everything that deploy does to a cluster, as questions to its API server.
 *
 * @param fresh whether the namespace is still to be made; many may use one that may not make one
 */
export function rightsFor(
  manifests: readonly Manifest[],
  namespace: string,
  fresh = false,
): Right[] {
  const clusterWide: readonly string[] = [...prunedKinds.cluster, 'Namespace'];
  const right = (kind: string, verb: string, place = namespace): Right => ({
    verb,
    resource: pluralOf(kind),
    group: groups[kind] ?? '',
    ...(!clusterWide.includes(kind) && { namespace: place }),
  });
  const kindsIn = (place: string) => {
    const own = manifests.filter(({ metadata }) => (metadata.namespace ?? namespace) === place);
    return [...new Set([...own.map(({ kind }) => kind), 'Secret'])].sort();
  };
  // Namespaces beside the stack's may be still to be made as well.
  const beside = manifests.flatMap(({ metadata }) => metadata.namespace ?? []);
  const places = [...new Set([namespace, ...beside])];
  const changed = places.flatMap((place) =>
    kindsIn(place).flatMap((kind) => {
      const made = fresh || places.length > 1;
      const ofNamespace = made ? ['get', 'create', 'patch'] : ['get', 'patch'];
      const verbs = kind === 'Namespace' ? ofNamespace : ['get', 'create', 'patch', 'delete'];
      return verbs.map((verb) => right(kind, verb, place));
    }),
  );
  const looked = [...prunedKinds.namespaced, ...prunedKinds.cluster, 'Secret', 'Pod'];
  return [
    ...changed,
    // To find what is gone from the output, and what runs.
    ...looked.map((kind) => right(kind, 'list')),
    right('PersistentVolumeClaim', 'list'),
    // The lock.
    ...['get', 'create', 'update', 'patch'].map((verb) => right('Lease', verb)),
    { ...right('Pod', 'create'), subresource: 'portforward' },
  ];
}

function pluralOf(kind: string): string {
  return kind.toLowerCase().replace(/s$/, 'se').replace(/y$/, 'ie').concat('s');
}

/** Asks the API server all of it at once, as `kubectl auth can-i` asks one thing. */
export async function askRights(target: Target, rights: readonly Right[]): Promise<Requirement> {
  const items = rights.map((resourceAttributes) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  }));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const template = 'go-template={{.status.allowed}}{{"\\n"}}';
  const output = await kubectl(target, ['create', '--filename=-', `--output=${template}`], {
    input,
  });
  return judgeRights(rights, output.trim().split('\n'));
}

export function judgeRights(rights: readonly Right[], answers: readonly string[]): Requirement {
  const name = 'rights';
  const missing = rights.filter((_, index) => answers[index] !== 'true');
  if (missing.length === 0) return ok(name, `all ${rights.length} that are needed`);
  const verbs = new Map<string, string[]>();
  for (const { verb, resource, subresource } of missing) {
    const what = [resource, subresource].filter((part) => part).join('/');
    verbs.set(what, [...(verbs.get(what) ?? []), verb]);
  }
  const described = [...verbs].map(([what, all]) => `${all.join('/')} ${what}`);
  return failed(
    name,
    `you may not ${described.join(', ')}`,
    'use a context with these rights (KUBE_CONTEXT or --context), or have them granted',
  );
}
