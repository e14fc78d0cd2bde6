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
      }),
    ),
    nonResourceRules: z
      .array(z.object({ verbs: z.array(z.string()), nonResourceURLs: z.array(z.string()) }))
      .default([]),
  }),
});

/** A ServiceAccount as the API server names it, whether it is there or not. */
export const account = (name: string, namespace = target.namespace) =>
  `system:serviceaccount:${namespace}:${name}`;

/** What `kubectl auth can-i --list` shows of an identity, as lines; the API server has no order. */
export async function rightsOf(user: string): Promise<string[]> {
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
    ...resourceRules.map(({ apiGroups, resources, verbs }) => line(apiGroups, resources, verbs)),
    ...nonResourceRules.map(({ nonResourceURLs, verbs }) => line([], nonResourceURLs, verbs)),
  ].sort();
}

const line = (groups: readonly string[], what: readonly string[], verbs: readonly string[]) =>
  [groups, what, verbs].map((each) => [...each].sort().join(',')).join(' ');

/** What an identity may do that nobody else may. */
export async function ownRightsOf(user: string): Promise<string[]> {
  const anybody = await rightsOf(account('nobody-at-all'));
  return (await rightsOf(user)).filter((right) => !anybody.includes(right));
}
