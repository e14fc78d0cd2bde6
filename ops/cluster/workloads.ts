import { z } from 'zod';
import { kubectlJson, type Target } from './kubectl.ts';
import { ourSelector, type Pod, podSchema } from './pods.ts';
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

/** Has as many replicas as there are nodes for it, and other names for the same figures. */
const onEveryNode = z
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

export const workloadSchema = z.union([replicated, onEveryNode]);

export type Workload = z.output<typeof workloadSchema>;

const listSchema = z.object({
  items: z.array(z.union([workloadSchema, podSchema.extend({ kind: z.literal('Pod') })])),
});

export interface Snapshot {
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
}

/** Everything of ours that runs, at one moment, also in namespaces beside the stack's. */
export async function takeSnapshot(target: Target): Promise<Snapshot> {
  const kinds = 'statefulsets,deployments,daemonsets,pods';
  const places = await allTargets(target);
  const lists = await Promise.all(
    places.map((place) => kubectlJson(place, listSchema, ['get', kinds, ourSelector])),
  );
  const items = lists.flatMap((list) => list.items);
  return {
    workloads: items.filter((item) => item.kind !== 'Pod'),
    pods: items.filter((item) => item.kind === 'Pod'),
  };
}

/** Whether all replicas run what was applied last, are ready, and no older one is left. */
export function isReady({ metadata, spec, status }: Workload): boolean {
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.readyReplicas === spec.replicas
  );
}

/**
 * Whether what was applied last has come about: pods of it serve, and none is older. How many
 * there are beyond the first is the business of an autoscaler and of the room that nodes have.
 */
export function isRolledOut(workload: Workload): boolean {
  const { kind, metadata, status } = workload;
  if (kind !== 'Deployment') return isReady(workload);
  return (
    isReady(workload) ||
    (status.observedGeneration >= metadata.generation &&
      status.updatedReplicas === status.replicas &&
      status.readyReplicas > 0)
  );
}
