import { z } from 'zod';
import { commonLabels } from '../../../lib/model/labels.ts';
import { leaseName, leaseSeconds, operationAnnotation } from '../../../lib/model/lease.ts';
import { kubectlFind, kubectlJson, type Target } from '../../cluster/kubectl.ts';
import { CommandError } from '../../process/run.ts';

const leaseSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z
    .object({
      holderIdentity: z.string().optional(),
      leaseDurationSeconds: z.number().optional(),
      acquireTime: z.string().optional(),
      renewTime: z.string().optional(),
      leaseTransitions: z.number().default(0),
    })
    .default({ leaseTransitions: 0 }),
});

export type Lease = z.output<typeof leaseSchema>;

export interface Holder {
  readonly identity: string;
  /** For messages: `deploying to`, `restoring a backup to`. */
  readonly operation: string;
  readonly since: Date;
}

export function holderOf({ metadata, spec }: Lease): Holder | undefined {
  if (!spec.holderIdentity) return undefined;
  return {
    identity: spec.holderIdentity,
    operation: metadata.annotations[operationAnnotation] ?? 'changing',
    since: new Date(spec.acquireTime ?? 0),
  };
}

export function isExpired({ spec }: Lease, now: Date): boolean {
  const renewed = new Date(spec.renewTime ?? 0).getTime();
  return now.getTime() - renewed > (spec.leaseDurationSeconds ?? leaseSeconds) * 1000;
}

export function readLease(target: Target): Promise<Lease | undefined> {
  return kubectlFind(target, leaseSchema, 'lease', leaseName);
}

/**
 * Creates or replaces the Lease, unless it has changed since it was read.
 *
 * @param previous undefined if there was no Lease
 * @param holder undefined to release it
 * @returns undefined on a conflict with another process
 */
export async function writeLease(
  target: Target,
  previous: Lease | undefined,
  holder: Holder | undefined,
): Promise<Lease | undefined> {
  const input = JSON.stringify(buildLease(previous, holder, new Date()));
  const verb = previous === undefined ? 'create' : 'replace';
  try {
    return await kubectlJson(target, leaseSchema, [verb, '--filename=-'], { input });
  } catch (error) {
    if (error instanceof CommandError && isConflict(error)) return undefined;
    throw error;
  }
}

function isConflict({ stderr }: CommandError): boolean {
  return /AlreadyExists|Conflict|NotFound|object has been modified/.test(stderr);
}

/** The kubectl arguments that release the Lease if this holder still has it. */
export function releaseArgs({ identity }: Holder): readonly string[] {
  const patch = [
    { op: 'test', path: '/spec/holderIdentity', value: identity },
    { op: 'remove', path: '/spec/holderIdentity' },
  ];
  return ['patch', 'lease', leaseName, '--type=json', `--patch=${JSON.stringify(patch)}`];
}

/** The Lease to write; a new holder increments leaseTransitions. */
export function buildLease(
  previous: Lease | undefined,
  holder: Holder | undefined,
  now: Date,
): object {
  const transitions = previous?.spec.leaseTransitions ?? 0;
  const isNew = holder !== undefined && holder.identity !== previous?.spec.holderIdentity;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: leaseName,
      labels: commonLabels,
      ...(holder !== undefined && { annotations: { [operationAnnotation]: holder.operation } }),
      ...(previous !== undefined && { resourceVersion: previous.metadata.resourceVersion }),
    },
    spec: {
      leaseTransitions: isNew ? transitions + 1 : transitions,
      ...(holder !== undefined && {
        holderIdentity: holder.identity,
        leaseDurationSeconds: leaseSeconds,
        acquireTime: microTime(holder.since),
        renewTime: microTime(now),
      }),
    },
  };
}

/** A Kubernetes MicroTime, which has exactly six digits. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
