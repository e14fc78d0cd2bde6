import { z } from 'zod';
import { labelKeys, partOf } from '../../lib/model/labels.ts';

const terminated = z.object({
  reason: z.string().optional(),
  exitCode: z.number(),
  /** The end of its log, of a container that failed. */
  message: z.string().optional(),
});

const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }),
      terminated,
    })
    .partial(),
  lastState: z.object({ terminated }).partial().default({}),
});

export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ nodeName: z.string().optional() }).default({}),
  status: z.object({
    phase: z.string().optional(),
    conditions: z
      .array(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.string().optional(),
          message: z.string().optional(),
        }),
      )
      .default([]),
    containerStatuses: z.array(containerStatus).default([]),
  }),
});

export type Pod = z.output<typeof podSchema>;

export const mantisSelector = `--selector=${labelKeys.partOf}=${partOf}`;

export function componentOf(pod: Pod): string {
  return pod.metadata.labels[labelKeys.name] ?? pod.metadata.name;
}

export function isPodReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

export function restartsOf(pod: Pod): number {
  return pod.status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Whether a pod was to be gone a minute ago: its node does not answer. */
export function isStuck({ metadata }: Pod, now = Date.now()): boolean {
  // The time until which it may take to end.
  const { deletionTimestamp } = metadata;
  return deletionTimestamp !== undefined && now - Date.parse(deletionTimestamp) > 60_000;
}

export function describePod(pod: Pod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  const waiting = pod.status.containerStatuses.find(({ state }) => state.waiting)?.state.waiting;
  if (waiting?.reason !== undefined) return waiting.reason;
  if (pod.status.containerStatuses.some(({ ready }) => !ready)) return 'running, not ready yet';
  return pod.status.phase ?? 'unknown';
}
