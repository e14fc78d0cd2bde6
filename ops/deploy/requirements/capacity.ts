import { z } from 'zod';
import { labelKeys, partOf } from '../../../lib/model/labels.ts';
import { exclusionOf, nodeConstraintsSchema } from './node-admission.ts';
import { namesOf, refusedByNodes } from './nodes.ts';
import { parseQuantity } from './quantity.ts';
import { failed, ok, type Requirement } from './requirement.ts';
import type { Node } from './versions.ts';

const requests = z.object({ cpu: z.string().optional(), memory: z.string().optional() });
const containers = z
  .array(
    z.object({ resources: z.object({ requests: requests.default({}) }).default({ requests: {} }) }),
  )
  .default([]);

const workloadSchema = z.object({
  kind: z.enum(['StatefulSet', 'Deployment', 'DaemonSet']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({ spec: nodeConstraintsSchema.extend({ containers }) }),
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

type Workload = z.output<typeof workloadSchema>;
type ScheduledPod = z.output<typeof scheduledPodSchema>;
interface ResourceAmounts {
  readonly cpu: number;
  readonly memory: number;
}

interface WantedPod extends ResourceAmounts {
  readonly nodes: readonly Node[];
}

/**
 * Whether nodes admit each pod, by their taints and labels, and whether the requests of the pods fit
 * into the allocatable resources that other pods leave free on these nodes: in sum, and each pod on a
 * single node.
 */
export function checkCapacity(
  objects: readonly unknown[],
  nodes: readonly Node[],
  pods: readonly ScheduledPod[],
  namespace: string,
): Requirement {
  const workloads = objects
    .map((object) => workloadSchema.safeParse(object))
    .flatMap(({ data }) => (data === undefined ? [] : [data]));
  const refused = workloads.filter(
    (workload) => nodes.length > 0 && admittingNodes(workload, nodes).length === 0,
  );
  if (refused.length > 0) {
    return refusedByNodes(
      refused.map(({ metadata, spec }) => ({ ...metadata, constraints: spec.template.spec })),
      nodes,
    );
  }
  const wanted = workloads.flatMap((workload) => wantedPods(workload, nodes));
  // Current pods of Mantis are replaced, and completed pods hold no resources.
  const others = pods.filter(
    (pod) => !isMantisPod(pod, namespace) && !['Succeeded', 'Failed'].includes(pod.status.phase),
  );
  const free = new Map(
    nodes.map((node) => {
      const used = others.filter(({ spec }) => spec.nodeName === node.metadata.name);
      const { cpu, memory } = node.status.allocatable;
      const taken = sum(used.map(({ spec }) => sumRequests(spec.containers)));
      const left = {
        cpu: parseQuantity(cpu) - taken.cpu,
        memory: parseQuantity(memory) - taken.memory,
      };
      return [node, left];
    }),
  );
  return compareCapacity(wanted, free);
}

function admittingNodes({ spec }: Workload, nodes: readonly Node[]): readonly Node[] {
  return nodes.filter((node) => exclusionOf(spec.template.spec, node) === undefined);
}

/** A DaemonSet has one pod for each node, on that node only. */
function wantedPods(workload: Workload, nodes: readonly Node[]): WantedPod[] {
  const { kind, spec } = workload;
  const admitting = admittingNodes(workload, nodes);
  const amounts = sumRequests(spec.template.spec.containers);
  return kind === 'DaemonSet'
    ? admitting.map((node) => ({ ...amounts, nodes: [node] }))
    : Array.from({ length: spec.replicas }, () => ({ ...amounts, nodes: admitting }));
}

function compareCapacity(
  wanted: readonly WantedPod[],
  free: ReadonlyMap<Node, ResourceAmounts>,
): Requirement {
  const name = 'capacity';
  const todo =
    'add a node, or lower cpu and memory of the components in mantis.yaml (docs/configuration.md); add --ignore-checks if nodes are autoscaled';
  const freeOn = (nodes: readonly Node[]) => nodes.flatMap((node) => free.get(node) ?? []);
  const seen = (need: ResourceAmounts, have: ResourceAmounts, nodes?: readonly Node[]) =>
    `${describe(need)} requested, ${describe(have)} free${nodes === undefined ? '' : ` on ${namesOf(nodes)}`}`;
  const all = [...free.keys()].filter((node) => wanted.some(({ nodes }) => nodes.includes(node)));
  // First all nodes, then those that only some pods can use, such as the nodes of a pool.
  for (const nodes of [all, ...wanted.map((pod) => pod.nodes)]) {
    const need = sum(wanted.filter((pod) => pod.nodes.every((node) => nodes.includes(node))));
    const have = sum(freeOn(nodes));
    if (need.cpu > have.cpu || need.memory > have.memory) {
      return failed(name, seen(need, have, nodes.length === all.length ? undefined : nodes), todo);
    }
  }
  const total = seen(sum(wanted), sum(freeOn(all)));
  const unschedulable = wanted.find(
    (pod) => !freeOn(pod.nodes).some((node) => node.cpu >= pod.cpu && node.memory >= pod.memory),
  );
  return unschedulable === undefined
    ? ok(name, total)
    : failed(name, `${total}, but no node has room for a pod of ${describe(unschedulable)}`, todo);
}

function isMantisPod({ metadata }: ScheduledPod, namespace: string): boolean {
  return metadata.namespace === namespace && metadata.labels[labelKeys.partOf] === partOf;
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
