import { z } from 'zod';
import { kubectl, type Target } from '../../cluster/kubectl.ts';
import { ok, type Requirement, warning } from './requirement.ts';

/** The API from which autoscalers read the CPU usage of pods, served by an add-on of the cluster. */
const metricsApi = '/apis/metrics.k8s.io/v1beta1';

/** Whether the cluster has the metrics API, if the manifests have an autoscaler. */
export async function checkAutoscaling(
  target: Target,
  objects: readonly unknown[],
): Promise<Requirement[]> {
  if (!objects.some(isAutoscaler)) return [];
  const response = kubectl(target, ['get', '--raw', metricsApi]);
  return [autoscalingRequirement(await response.then(() => true).catch(() => false))];
}

/** A warning only: without the metrics API each Deployment keeps its minimum of replicas. */
export function autoscalingRequirement(hasMetricsApi: boolean): Requirement {
  const name = 'autoscaling';
  if (hasMetricsApi) return ok(name, 'a metrics server answers');
  return warning(
    name,
    'no metrics server answers',
    'without one no replica is ever added (docs/configuration.md, More replicas)',
  );
}

const autoscaler = z.object({ kind: z.literal('HorizontalPodAutoscaler') });

export function isAutoscaler(object: unknown): boolean {
  return autoscaler.safeParse(object).success;
}
