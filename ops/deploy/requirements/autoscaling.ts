import { z } from 'zod';
import { kubectl, type Target } from '../../cluster/kubectl.ts';
import { ok, type Requirement, warning } from './requirement.ts';

/** Where autoscalers read how much CPU pods use; what serves it is an add-on of the cluster. */
const metricsApi = '/apis/metrics.k8s.io/v1beta1';

/** Whether the autoscalers of the output, if it has any, can know when to add a replica. */
export async function askAutoscaling(
  target: Target,
  objects: readonly unknown[],
): Promise<Requirement[]> {
  if (!objects.some(isAutoscaler)) return [];
  const answer = kubectl(target, ['get', '--raw', metricsApi]);
  return [checkAutoscaling(await answer.then(() => true).catch(() => false))];
}

/** Nothing breaks without it: of each there is one replica, whatever the load. */
export function checkAutoscaling(isMeasured: boolean): Requirement {
  const name = 'autoscaling';
  if (isMeasured) return ok(name, 'a metrics server answers');
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
