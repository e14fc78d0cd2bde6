import { z } from 'zod';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { session } from './cluster.ts';

const { target } = session;

const reviewSchema = z.object({
  status: z.object({
    resourceRules: z.array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).default([]),
        resources: z.array(z.string()).default([]),
        resourceNames: z.array(z.string()).default([]),
      }),
    ),
    nonResourceRules: z
      .array(z.object({ verbs: z.array(z.string()), nonResourceURLs: z.array(z.string()) }))
      .default([]),
  }),
});

/** The user name of a ServiceAccount, which need not exist. */
export const serviceAccountUser = (name: string, namespace = target.namespace) =>
  `system:serviceaccount:${namespace}:${name}`;

/** The permissions of a user as `kubectl auth can-i --list` shows them, as sorted lines. */
export async function permissionsOf(user: string): Promise<string[]> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace: target.namespace },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const groups = ['system:serviceaccounts', 'system:authenticated'].map((g) => `--as-group=${g}`);
  const args = ['create', `--raw=${path}`, '--filename=-', `--as=${user}`, ...groups];
  const answer = await kubectl(target, args, { input: JSON.stringify(review) });
  const { resourceRules, nonResourceRules } = reviewSchema.parse(JSON.parse(answer)).status;
  return [
    ...resourceRules.map(({ apiGroups, resources, resourceNames, verbs }) =>
      permissionLine(apiGroups, resources, verbs, resourceNames),
    ),
    ...nonResourceRules.map(({ nonResourceURLs, verbs }) =>
      permissionLine([], nonResourceURLs, verbs),
    ),
  ].sort();
}

const permissionLine = (
  groups: readonly string[],
  what: readonly string[],
  verbs: readonly string[],
  names: readonly string[] = [],
) => {
  const [group, resources, verb, name] = [groups, what, verbs, names].map((each) =>
    [...each].sort().join(','),
  );
  return `${group} ${resources}${name && `[${name}]`} ${verb}`;
};

/** The permissions of a user without those of every ServiceAccount. */
export async function grantedPermissionsOf(user: string): Promise<string[]> {
  const common = await permissionsOf(serviceAccountUser('no-permissions'));
  return (await permissionsOf(user)).filter((right) => !common.includes(right));
}
