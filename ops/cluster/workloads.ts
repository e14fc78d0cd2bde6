import { z } from 'zod';
import { kubectlList, type Target } from './kubectl.ts';
import { mantisSelector, type Pod, podSchema } from './pods.ts';
import { allTargets } from './related-namespaces.ts';

const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  generation: z.number().default(0),
});

const replicated = z.object({
  kind: z.enum(['StatefulSet', 'Deployment']),
  metadata,
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    readyReplicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
  }),
});

/** A DaemonSet has other names for the numbers of its replicas. */
const daemonSet = z
  .object({
    kind: z.literal('DaemonSet'),
    metadata,
    status: z.object({
      observedGeneration: z.number().default(0),
      desiredNumberScheduled: z.number().default(0),
      currentNumberScheduled: z.number().default(0),
      numberReady: z.number().default(0),
      updatedNumberScheduled: z.number().default(0),
    }),
  })
  .transform(({ status, ...rest }) => ({
    ...rest,
    spec: { replicas: status.desiredNumberScheduled },
    status: {
      observedGeneration: status.observedGeneration,
      replicas: status.currentNumberScheduled,
      readyReplicas: status.numberReady,
      updatedReplicas: status.updatedNumberScheduled,
    },
  }));

export const liveWorkloadSchema = z.union([replicated, daemonSet]);

export type LiveWorkload = z.output<typeof liveWorkloadSchema>;

const itemSchema = z.union([liveWorkloadSchema, podSchema.extend({ kind: z.literal('Pod') })]);

export interface Snapshot {
  readonly workloads: readonly LiveWorkload[];
  readonly pods: readonly Pod[];
}

export async function takeSnapshot(target: Target): Promise<Snapshot> {
  const kinds = 'statefulsets,deployments,daemonsets,pods';
  const targets = await allTargets(target);
  const lists = await Promise.all(
    targets.map((each) => kubectlList(each, itemSchema, ['get', kinds, mantisSelector])),
  );
  const items = lists.flat();
  return {
    workloads: items.filter((item) => item.kind !== 'Pod'),
    pods: items.filter((item) => item.kind === 'Pod'),
  };
}

/** Whether every replica is updated and ready, and no older one is left. */
export function isReady({ metadata, spec, status }: LiveWorkload): boolean {
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.readyReplicas === spec.replicas
  );
}

/**
 * Whether a workload is rolled out. For a Deployment one ready replica is enough if no older one is
 * left: its number of replicas depends on an autoscaler and on the capacity of the nodes.
 */
export function isRolledOut(workload: LiveWorkload): boolean {
  const { kind, metadata, status } = workload;
  if (kind !== 'Deployment') return isReady(workload);
  return (
    isReady(workload) ||
    (status.observedGeneration >= metadata.generation &&
      status.updatedReplicas === status.replicas &&
      status.readyReplicas > 0)
  );
}
