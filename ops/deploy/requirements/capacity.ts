import { z } from 'zod';
import { labelKeys, partOf } from '../../../lib/model/labels.ts';
import { parseQuantity } from './quantity.ts';
import { failed, ok, type Requirement } from './requirement.ts';
import type { Node } from './versions.ts';

const requests = z.object({ cpu: z.string().optional(), memory: z.string().optional() });
const containers = z
  .array(
    z.object({ resources: z.object({ requests: requests.default({}) }).default({ requests: {} }) }),
  )
  .default([]);

const workloadRequestsSchema = z.object({
  kind: z.enum(['StatefulSet', 'Deployment', 'DaemonSet']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({ spec: z.object({ containers }) }),
  }),
});

export const scheduledPodSchema = z.object({
  metadata: z.object({
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({ nodeName: z.string().optional(), containers }),
  status: z.object({ phase: z.string() }),
});

type ScheduledPod = z.output<typeof scheduledPodSchema>;
interface ResourceAmounts {
  readonly cpu: number;
  readonly memory: number;
}

/**
 * Whether the requests of the pods fit into the allocatable resources that other pods leave free on
 * the nodes: in sum, and each pod on a single node.
 */
export function checkCapacity(
  objects: readonly unknown[],
  nodes: readonly Node[],
  pods: readonly ScheduledPod[],
  namespace: string,
): Requirement {
  const wanted = objects
    .map((object) => workloadRequestsSchema.safeParse(object))
    .flatMap(({ data }) => (data === undefined ? [] : [data]))
    .flatMap(({ kind, spec }) =>
      Array.from({ length: kind === 'DaemonSet' ? nodes.length : spec.replicas }, () =>
        sumRequests(spec.template.spec.containers),
      ),
    );
  // Current pods of Mantis are replaced, and completed pods hold no resources.
  const others = pods.filter(
    (pod) => !isMantisPod(pod, namespace) && !['Succeeded', 'Failed'].includes(pod.status.phase),
  );
  const free = nodes.filter(isSchedulable).map((node) => {
    const used = others.filter(({ spec }) => spec.nodeName === node.metadata.name);
    const { cpu, memory } = node.status.allocatable;
    const taken = sum(used.map(({ spec }) => sumRequests(spec.containers)));
    return { cpu: parseQuantity(cpu) - taken.cpu, memory: parseQuantity(memory) - taken.memory };
  });
  return compareCapacity(wanted, free);
}

function compareCapacity(
  wanted: readonly ResourceAmounts[],
  free: readonly ResourceAmounts[],
): Requirement {
  const name = 'capacity';
  const [need, have] = [sum(wanted), sum(free)];
  const seen = `${describe(need)} requested, ${describe(have)} free`;
  const todo =
    'add a node, or lower cpu and memory of the components in mantis.yaml (docs/configuration.md); add --ignore-checks if nodes are autoscaled';
  if (need.cpu > have.cpu || need.memory > have.memory) return failed(name, seen, todo);
  const unschedulable = wanted.find(
    (pod) => !free.some((node) => node.cpu >= pod.cpu && node.memory >= pod.memory),
  );
  return unschedulable === undefined
    ? ok(name, seen)
    : failed(name, `${seen}, but no node has room for a pod of ${describe(unschedulable)}`, todo);
}

function isMantisPod({ metadata }: ScheduledPod, namespace: string): boolean {
  return metadata.namespace === namespace && metadata.labels[labelKeys.partOf] === partOf;
}

function isSchedulable({ spec, status }: Node): boolean {
  const ready = status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return (
    ready && !spec.unschedulable && spec.taints.every(({ effect }) => effect === 'PreferNoSchedule')
  );
}

function sumRequests(all: z.output<typeof containers>): ResourceAmounts {
  return sum(
    all.map(({ resources }) => ({
      cpu: parseQuantity(resources.requests.cpu ?? '0'),
      memory: parseQuantity(resources.requests.memory ?? '0'),
    })),
  );
}

function sum(amounts: readonly ResourceAmounts[]): ResourceAmounts {
  return amounts.reduce<ResourceAmounts>(
    (total, { cpu, memory }) => ({ cpu: total.cpu + cpu, memory: total.memory + memory }),
    { cpu: 0, memory: 0 },
  );
}

function describe({ cpu, memory }: ResourceAmounts): string {
  return `${cpu.toFixed(2)} CPU and ${(memory / 1024 ** 3).toFixed(2)} GiB`;
}
