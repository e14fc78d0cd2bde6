import { type Size, SizeRoundingBehavior } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Resources } from '../settings/common.ts';

/** A quantity as Kubernetes writes it. */
export function quantity(size: Size): k8s.Quantity {
  return k8s.Quantity.fromString(size.asString());
}

/**
 * GOMEMLIMIT for a Go program: 80 % of the container's memory limit, so that garbage collection
 * runs more often before the kernel kills the container.
 */
export function goMemoryLimit(resources: Resources): k8s.EnvVar {
  const mebibytes = resources.memoryLimit.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  return { name: 'GOMEMLIMIT', value: `${Math.floor(mebibytes * 0.8)}MiB` };
}
