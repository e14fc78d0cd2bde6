import { z } from 'zod';
import type { Node } from './versions.ts';

const toleration = z.object({
  key: z.string().optional(),
  operator: z.string().default('Equal'),
  value: z.string().default(''),
  effect: z.string().optional(),
});

/** The fields of a pod that exclude nodes. Affinity is left to the scheduler. */
export const nodeConstraintsSchema = z.object({
  nodeSelector: z.record(z.string(), z.string()).default({}),
  tolerations: z.array(toleration).default([]),
});

export type NodeConstraints = z.output<typeof nodeConstraintsSchema>;
type Taint = Node['spec']['taints'][number];

/** Why a node does not admit a pod: the setting that can change it, and what the scheduler would name. */
export interface Exclusion {
  readonly by: 'nodeSelector' | 'taint' | 'cordon' | 'notReady';
  readonly what: string;
  readonly taints?: readonly Taint[];
}

/** A cordoned node has this taint too, but its controller sets it a moment later. */
const cordon = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' };

/** Why a node does not admit a pod, undefined if it does. What settings choose comes first. */
export function exclusionOf(pod: NodeConstraints, node: Node): Exclusion | undefined {
  const { labels } = node.metadata;
  const missing = Object.entries(pod.nodeSelector).filter(([key, value]) => labels[key] !== value);
  if (missing.length > 0) {
    const what = missing.map(([key, value]) => `${key}=${value}`).join(',');
    return { by: 'nodeSelector', what: `no label ${what}` };
  }
  const isReady = node.status.conditions.some(
    (each) => each.type === 'Ready' && each.status === 'True',
  );
  if (!isReady) return { by: 'notReady', what: 'not ready' };
  const isTolerated = (taint: Taint) => pod.tolerations.some((each) => tolerates(each, taint));
  const isCordoned =
    node.spec.unschedulable || node.spec.taints.some(({ key }) => key === cordon.key);
  if (isCordoned && !isTolerated(cordon)) return { by: 'cordon', what: 'cordoned' };
  const taints = node.spec.taints.filter(
    (taint) =>
      taint.key !== cordon.key && taint.effect !== 'PreferNoSchedule' && !isTolerated(taint),
  );
  if (taints.length === 0) return undefined;
  return { by: 'taint', what: `taint ${taints.map(describeTaint).join(', ')}`, taints };
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
