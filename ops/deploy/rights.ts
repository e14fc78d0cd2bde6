import { kubectl, type Target } from '../kubectl.ts';
import type { Manifest } from '../manifests.ts';
import { prunedKinds } from '../prune.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The API groups of what we make; the core group has no name. */
const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  NetworkPolicy: 'networking.k8s.io',
  Ingress: 'networking.k8s.io',
  PodDisruptionBudget: 'policy',
  HorizontalPodAutoscaler: 'autoscaling',
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

/** Everything that deploy does to a cluster, as questions to its API server. */
export function rightsFor(manifests: readonly Manifest[], namespace: string): Right[] {
  const clusterWide: readonly string[] = [...prunedKinds.cluster, 'Namespace'];
  const kinds = [...new Set([...manifests.map(({ kind }) => kind), 'Secret'])].sort();
  const changed = kinds.flatMap((kind) => {
    const verbs = kind === 'Namespace' ? ['get', 'patch'] : ['get', 'create', 'patch', 'delete'];
    return verbs.map((verb) => ({
      verb,
      resource: pluralOf(kind),
      group: groups[kind] ?? '',
      ...(!clusterWide.includes(kind) && { namespace }),
    }));
  });
  return [
    ...changed,
    { verb: 'list', resource: 'pods', group: '', namespace },
    { verb: 'list', resource: 'persistentvolumeclaims', group: '', namespace },
    { verb: 'create', resource: 'pods', subresource: 'portforward', group: '', namespace },
  ];
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase().replace(/y$/, 'ie')}s`;
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
  const described = missing.map(({ verb, resource, subresource }) =>
    [verb, [resource, subresource].filter((part) => part).join('/')].join(' '),
  );
  return failed(
    name,
    `you may not ${described.join(', ')}`,
    'use a context with these rights (KUBE_CONTEXT or --context), or have them granted',
  );
}
