import type { k8s } from 'cdk8s-plus-28';
import { selectorLabels } from '../model/labels.ts';
import type { Placement } from '../settings/placement.ts';

/** The fields of a pod that decide on which node it runs, and before which other pods. */
export function scheduling(name: string, placement: Placement): Partial<k8s.PodSpec> {
  const { nodeSelector, tolerations, affinity, priorityClassName } = placement;
  return {
    nodeSelector,
    tolerations,
    affinity,
    priorityClassName,
    topologySpreadConstraints: placement.topologySpreadConstraints?.map((constraint) => ({
      // Without a selector Kubernetes would count no pods.
      labelSelector: { matchLabels: selectorLabels(name) },
      ...constraint,
    })),
  };
}
