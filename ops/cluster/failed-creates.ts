import { z } from 'zod';
import { kubectlList, type Target } from './kubectl.ts';
import { componentOf, type Pod } from './pods.ts';
import { allTargets } from './related-namespaces.ts';
import { isRolledOut, type LiveWorkload, type Snapshot } from './workloads.ts';

const eventSchema = z.object({
  involvedObject: z.object({ kind: z.string(), name: z.string() }),
  message: z.string().default(''),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});

export type FailedCreateEvent = z.output<typeof eventSchema>;

/**
 * The workloads that lack pods because their controllers cannot create them. A pod that does not exist
 * has no status, so the reason is only in the controller's events.
 */
export async function findFailedCreates(target: Target, snapshot: Snapshot) {
  if (!snapshot.workloads.some(lacksPods)) return [];
  const args = ['get', 'events', '--field-selector=reason=FailedCreate'];
  const targets = await allTargets(target);
  const lists = await Promise.all(
    // Without permission to list events, the wait only ends at its timeout.
    targets.map((each) => kubectlList(each, eventSchema, args).catch(() => [])),
  );
  return matchFailedCreates(snapshot, lists.flat());
}

export function matchFailedCreates(
  { workloads, pods }: Snapshot,
  events: readonly FailedCreateEvent[],
) {
  const newestFirst = events.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  const isWaiting = (workload: LiveWorkload) =>
    lacksPods(workload) && !isTerminatingFirst(workload, pods);
  return workloads.filter(isWaiting).flatMap((workload) => {
    const event = newestFirst.find((each) => isControllerOf(workload, each));
    return event === undefined
      ? []
      : [{ workload: workload.metadata.name, message: event.message }];
  });
}

/** A workload whose pods the API server refuses to create, such as for a quota or an admission policy. */
export type FailedCreate = ReturnType<typeof matchFailedCreates>[number];

/** Whether its controller has seen the current template, and has not created all pods of it. */
function lacksPods(workload: LiveWorkload): boolean {
  const { metadata, spec, status } = workload;
  return (
    !isRolledOut(workload) &&
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas < spec.replicas
  );
}

/** Whether the pod of a StatefulSet that is to be replaced still ends: events are of an earlier attempt. */
function isTerminatingFirst({ kind, metadata }: LiveWorkload, pods: readonly Pod[]): boolean {
  return (
    kind === 'StatefulSet' &&
    pods.some(
      (pod) => componentOf(pod) === metadata.name && pod.metadata.deletionTimestamp !== undefined,
    )
  );
}

/** The pods of a Deployment are created by a ReplicaSet, whose name has a hash at its end. */
function isControllerOf({ kind, metadata }: LiveWorkload, { involvedObject }: FailedCreateEvent) {
  if (kind !== 'Deployment') {
    return involvedObject.kind === kind && involvedObject.name === metadata.name;
  }
  const [start, hash] = [`${metadata.name}-`, involvedObject.name.slice(metadata.name.length + 1)];
  return (
    involvedObject.kind === 'ReplicaSet' &&
    involvedObject.name.startsWith(start) &&
    /^[a-z0-9]+$/.test(hash)
  );
}

function timeOf({ lastTimestamp, eventTime }: FailedCreateEvent): string {
  return lastTimestamp ?? eventTime ?? '';
}

/**
 * Tolerated for so long: the pods of the previous revision may still use the quota, and a webhook may
 * be restarting. Controllers repeat the attempt with growing pauses.
 */
const gracePeriodSeconds = 40;

export class FailedCreateTracker {
  private readonly since = new Map<string, number>();

  /** Which failures are new, and the first that has lasted longer than the grace period. */
  update(failures: readonly FailedCreate[], now: number) {
    for (const name of this.since.keys()) {
      if (!failures.some(({ workload }) => workload === name)) this.since.delete(name);
    }
    const fresh = failures.filter(({ workload }) => !this.since.has(workload));
    for (const { workload } of fresh) this.since.set(workload, now);
    const lasting = failures.find(
      ({ workload }) => (now - (this.since.get(workload) ?? now)) / 1000 >= gracePeriodSeconds,
    );
    return { fresh, lasting };
  }
}

export function describeFailedCreate({ workload, message }: FailedCreate): string {
  return `${workload} gets no pod: FailedCreate: ${message}`;
}
