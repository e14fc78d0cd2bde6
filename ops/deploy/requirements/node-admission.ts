import { z } from 'zod';
import type { Node } from './versions.ts';

const expression = z.object({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).default([]),
});
const term = z.object({
  matchExpressions: z.array(expression).default([]),
  matchFields: z.array(expression).default([]),
});
const toleration = z.object({
  key: z.string().optional(),
  operator: z.string().default('Equal'),
  value: z.string().default(''),
  effect: z.string().optional(),
});

/** The fields of a pod that exclude nodes. Affinity to other pods is left to the scheduler. */
export const nodeConstraintsSchema = z.object({
  nodeSelector: z.record(z.string(), z.string()).default({}),
  tolerations: z.array(toleration).default([]),
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .object({ nodeSelectorTerms: z.array(term) })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

export type NodeConstraints = z.output<typeof nodeConstraintsSchema>;
type Taint = Node['spec']['taints'][number];

/** Why a node does not admit a pod: the setting that can change it, and what the scheduler would name. */
export interface Exclusion {
  readonly by: 'nodeSelector' | 'affinity' | 'taint' | 'cordon' | 'notReady';
  readonly what: string;
  /** The taints that the pod does not tolerate. */
  readonly taints?: readonly Taint[];
}

/** The taint of a cordoned node (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
const cordon = 'node.kubernetes.io/unschedulable';

/** Why a node does not admit a pod, undefined if it does. What settings choose comes first. */
export function exclusionOf(pod: NodeConstraints, node: Node): Exclusion | undefined {
  const { labels } = node.metadata;
  const missing = Object.entries(pod.nodeSelector).filter(([key, value]) => labels[key] !== value);
  if (missing.length > 0) {
    const what = missing.map(([key, value]) => `${key}=${value}`).join(',');
    return { by: 'nodeSelector', what: `no label ${what}` };
  }
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required !== undefined && !required.nodeSelectorTerms.some((each) => matches(each, node))) {
    return { by: 'affinity', what: 'not in the required nodeAffinity' };
  }
  const isReady = node.status.conditions.some(
    (each) => each.type === 'Ready' && each.status === 'True',
  );
  if (!isReady) return { by: 'notReady', what: 'not ready' };
  const taints = taintsOf(node).filter(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !pod.tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  if (taints.some(({ key }) => key === cordon)) return { by: 'cordon', what: 'cordoned' };
  if (taints.length === 0) return undefined;
  return { by: 'taint', what: `taint ${taints.map(describeTaint).join(', ')}`, taints };
}

/** A cordoned node has the taint too, but its controller sets it a moment later. */
function taintsOf({ spec }: Node): readonly Taint[] {
  const isCordoned = spec.unschedulable && !spec.taints.some(({ key }) => key === cordon);
  return isCordoned
    ? [...spec.taints, { key: cordon, value: '', effect: 'NoSchedule' }]
    : spec.taints;
}

/** As kubectl writes it. */
function describeTaint({ key, value, effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}

function tolerates(
  { key, operator, value, effect }: NodeConstraints['tolerations'][number],
  taint: Taint,
) {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== undefined && key !== taint.key) return false;
  return operator === 'Exists' || value === taint.value;
}

/** A term without any requirement matches no node. */
function matches({ matchExpressions, matchFields }: z.output<typeof term>, node: Node): boolean {
  const { name, labels } = node.metadata;
  return (
    matchExpressions.length + matchFields.length > 0 &&
    matchExpressions.every((each) => fulfils(each, labels[each.key])) &&
    matchFields.every((each) => fulfils(each, name))
  );
}

function fulfils(
  { operator, values }: z.output<typeof expression>,
  value: string | undefined,
): boolean {
  const isListed = value !== undefined && values.includes(value);
  const [bound] = values.map(Number);
  switch (operator) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return bound !== undefined && Number(value) > bound;
    case 'Lt':
      return bound !== undefined && Number(value) < bound;
    default:
      return true;
  }
}
