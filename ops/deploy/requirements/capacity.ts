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

/** What a manifest of ours asks for. */
export const workloadSchema = z.object({
  kind: z.enum(['StatefulSet', 'Deployment', 'DaemonSet']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({ spec: z.object({ containers }) }),
  }),
});

export const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        namespace: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
      }),
      spec: z.object({ nodeName: z.string().optional(), containers }),
      status: z.object({ phase: z.string() }),
    }),
  ),
});

type Pods = z.output<typeof podsSchema>['items'];
interface Amount {
  readonly cpu: number;
  readonly memory: number;
}

/**
 * Whether the pods fit: what they request against what nodes have left, once the pods that they
 * replace are gone. A scheduler may still fail where the sum suffices and no single node does, so
 * the largest pod is looked at too.
 */
export function checkCapacity(
  objects: readonly unknown[],
  nodes: readonly Node[],
  pods: Pods,
  namespace: string,
): Requirement {
  const wanted = objects
    .map((object) => workloadSchema.safeParse(object))
    .flatMap(({ data }) => (data === undefined ? [] : [data]))
    .flatMap(({ kind, spec }) =>
      Array.from({ length: kind === 'DaemonSet' ? nodes.length : spec.replicas }, () =>
        requested(spec.template.spec.containers),
      ),
    );
  const others = pods.filter(
    (pod) => !isOurs(pod, namespace) && !['Succeeded', 'Failed'].includes(pod.status.phase),
  );
  const free = nodes.filter(isUsable).map((node) => {
    const used = others.filter(({ spec }) => spec.nodeName === node.metadata.name);
    const { cpu, memory } = node.status.allocatable;
    const taken = sum(used.map(({ spec }) => requested(spec.containers)));
    return { cpu: parseQuantity(cpu) - taken.cpu, memory: parseQuantity(memory) - taken.memory };
  });
  return verdict(wanted, free);
}

function verdict(wanted: readonly Amount[], free: readonly Amount[]): Requirement {
  const name = 'capacity';
  const [need, have] = [sum(wanted), sum(free)];
  const seen = `${describe(need)} requested, ${describe(have)} free`;
  const todo =
    'add a node, or lower cpu and memory of the components in mantis.yaml (docs/configuration.md); --ignore-checks if nodes are added by themselves';
  if (need.cpu > have.cpu || need.memory > have.memory) return failed(name, seen, todo);
  const homeless = wanted.find(
    (pod) => !free.some((node) => node.cpu >= pod.cpu && node.memory >= pod.memory),
  );
  return homeless === undefined
    ? ok(name, seen)
    : failed(name, `${seen}, but no node has room for a pod of ${describe(homeless)}`, todo);
}

function isOurs({ metadata }: Pods[number], namespace: string): boolean {
  return metadata.namespace === namespace && metadata.labels[labelKeys.partOf] === partOf;
}

function isUsable({ spec, status }: Node): boolean {
  const ready = status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return (
    ready && !spec.unschedulable && spec.taints.every(({ effect }) => effect === 'PreferNoSchedule')
  );
}

function requested(all: z.output<typeof containers>): Amount {
  return sum(
    all.map(({ resources }) => ({
      cpu: parseQuantity(resources.requests.cpu ?? '0'),
      memory: parseQuantity(resources.requests.memory ?? '0'),
    })),
  );
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce<Amount>(
    (total, { cpu, memory }) => ({ cpu: total.cpu + cpu, memory: total.memory + memory }),
    { cpu: 0, memory: 0 },
  );
}

function describe({ cpu, memory }: Amount): string {
  return `${cpu.toFixed(2)} CPU and ${(memory / 1024 ** 3).toFixed(2)} GiB`;
}
