import { z } from 'zod';
import { kubectlJson, type Target } from './kubectl.ts';
import { ourSelector, type Pod, podSchema } from './pods.ts';

const workloadSchema = z.object({
  kind: z.enum(['StatefulSet', 'Deployment']),
  metadata: z.object({ name: z.string(), generation: z.number().default(0) }),
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    readyReplicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
  }),
});

export type Workload = z.output<typeof workloadSchema>;

const listSchema = z.object({
  items: z.array(z.union([workloadSchema, podSchema.extend({ kind: z.literal('Pod') })])),
});

export interface Snapshot {
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
}

/** Everything of ours that runs, at one moment. */
export async function takeSnapshot(target: Target): Promise<Snapshot> {
  const kinds = 'statefulsets,deployments,pods';
  const { items } = await kubectlJson(target, listSchema, ['get', kinds, ourSelector]);
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
