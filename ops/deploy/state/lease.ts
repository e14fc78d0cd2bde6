import { z } from 'zod';
import { commonLabels } from '../../../lib/model/labels.ts';
import { kubectl, kubectlJson, type Target } from '../../cluster/kubectl.ts';
import { CommandError } from '../../process/run.ts';

/** One at a time: whoever changes an installation holds this Lease. It is never removed by us. */
export const leaseName = 'mantis-lock';

/** After so long without a sign of life, in seconds, its holder counts as dead. */
export const leaseSeconds = 60;

const doing = 'mantis.dev/doing';

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

/** Who holds it, and what for. */
export interface Holder {
  readonly who: string;
  /** As one says it: `deploying to`, `restoring a backup to`. */
  readonly doing: string;
  readonly since: Date;
}

/** The holder of a Lease; nobody where it was given back. */
export function holderOf({ metadata, spec }: Lease): Holder | undefined {
  if (!spec.holderIdentity) return undefined;
  return {
    who: spec.holderIdentity,
    doing: metadata.annotations[doing] ?? 'changing',
    since: new Date(spec.acquireTime ?? 0),
  };
}

/** Whether its holder has said nothing for longer than one that lives would. */
export function isSilent({ spec }: Lease, now: Date): boolean {
  const renewed = new Date(spec.renewTime ?? 0).getTime();
  return now.getTime() - renewed > (spec.leaseDurationSeconds ?? leaseSeconds) * 1000;
}

export async function readLease(target: Target): Promise<Lease | undefined> {
  const args = ['get', 'lease', leaseName, '--ignore-not-found', '--output=json'];
  const found = await kubectl(target, args);
  return found.trim() === '' ? undefined : leaseSchema.parse(JSON.parse(found));
}

/**
 * Writes the Lease if it is still what was read, as the API server alone can tell.
 *
 * @param before undefined where there was none
 * @param holder undefined to give it back
 * @returns nothing if somebody else was faster
 */
export async function writeLease(
  target: Target,
  before: Lease | undefined,
  holder: Holder | undefined,
): Promise<Lease | undefined> {
  const input = JSON.stringify(leaseOf(before, holder, new Date()));
  const verb = before === undefined ? 'create' : 'replace';
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

/** Gives it back with one call, if it is ours. */
export function givingBack({ who }: Holder): readonly string[] {
  const patch = [
    { op: 'test', path: '/spec/holderIdentity', value: who },
    { op: 'remove', path: '/spec/holderIdentity' },
  ];
  return ['patch', 'lease', leaseName, '--type=json', `--patch=${JSON.stringify(patch)}`];
}

/** The Lease to write; a new holder is one transition more. */
export function leaseOf(before: Lease | undefined, holder: Holder | undefined, now: Date): object {
  const transitions = before?.spec.leaseTransitions ?? 0;
  const isNew = holder !== undefined && holder.who !== before?.spec.holderIdentity;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: leaseName,
      labels: commonLabels,
      ...(holder !== undefined && { annotations: { [doing]: holder.doing } }),
      ...(before !== undefined && { resourceVersion: before.metadata.resourceVersion }),
    },
    spec: {
      leaseTransitions: isNew ? transitions + 1 : transitions,
      ...(holder !== undefined && {
        holderIdentity: holder.who,
        leaseDurationSeconds: leaseSeconds,
        acquireTime: microTime(holder.since),
        renewTime: microTime(now),
      }),
    },
  };
}

/** Kubernetes' MicroTime takes exactly six digits. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
