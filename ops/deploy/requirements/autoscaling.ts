import type { KubernetesObject } from '../../cluster/manifests.ts';
import { ok, type Requirement, warning } from './requirement.ts';

/** The API from which autoscalers read the CPU usage of pods, served by an add-on of the cluster. */
export const metricsApi = '/apis/metrics.k8s.io/v1beta1';

/** A warning only: without the metrics API each Deployment keeps its minimum of replicas. */
export function checkAutoscaling(
  objects: readonly Pick<KubernetesObject, 'kind'>[],
  hasMetricsApi: boolean,
): Requirement[] {
  const name = 'autoscaling';
  if (!objects.some(({ kind }) => kind === 'HorizontalPodAutoscaler')) return [];
  if (hasMetricsApi) return [ok(name, 'a metrics server answers')];
  const todo = 'without one no replica is ever added (docs/configuration.md, More replicas)';
  return [warning(name, 'no metrics server answers', todo)];
}
