import { z } from 'zod';
import { kubectlHint, type Target } from '../../cluster/kubectl.ts';
import { parseQuantity } from './quantity.ts';
import { failed, ok, type Requirement } from './requirement.ts';

const claimTemplate = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    storageClassName: z.string().optional(),
    resources: z.object({ requests: z.object({ storage: z.string() }) }),
  }),
});

/** The immutable fields of a StatefulSet that settings can change. */
export const statefulSetSchema = z.object({
  kind: z.literal('StatefulSet'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ volumeClaimTemplates: z.array(claimTemplate).default([]) }),
});

export type StatefulSet = z.output<typeof statefulSetSchema>;

export interface VolumeChange {
  readonly component: string;
  readonly claim: string;
  readonly from: string;
  readonly to: string;
  readonly change: 'larger' | 'smaller' | 'class';
}

export function volumeChanges(
  objects: readonly unknown[],
  live: readonly StatefulSet[],
): VolumeChange[] {
  const wanted = objects.flatMap((object) => statefulSetSchema.safeParse(object).data ?? []);
  return wanted.flatMap(({ metadata: { name: component }, spec }) => {
    const existing = live.find(({ metadata }) => metadata.name === component);
    return spec.volumeClaimTemplates.flatMap(({ metadata: { name }, spec: now }) => {
      const old = existing?.spec.volumeClaimTemplates.find(
        ({ metadata }) => metadata.name === name,
      );
      const claim = { component, claim: `${name}-${component}-0` };
      return old === undefined
        ? []
        : claimChanges(old.spec, now).map((each) => ({ ...claim, ...each }));
    });
  });
}

type ClaimSpec = z.output<typeof claimTemplate>['spec'];

function claimChanges(old: ClaimSpec, now: ClaimSpec) {
  const changes: Pick<VolumeChange, 'from' | 'to' | 'change'>[] = [];
  const [from, to] = [old.resources.requests.storage, now.resources.requests.storage];
  const difference = parseQuantity(to) - parseQuantity(from);
  if (difference !== 0) changes.push({ from, to, change: difference > 0 ? 'larger' : 'smaller' });
  // A template without a class keeps the default of the time when the volume was created.
  const { storageClassName: wanted } = now;
  if (wanted !== undefined && wanted !== old.storageClassName) {
    changes.push({ from: old.storageClassName ?? 'the default', to: wanted, change: 'class' });
  }
  return changes;
}

export function requiresRecreate(
  objects: readonly unknown[],
  live: readonly StatefulSet[],
): string[] {
  return objects
    .flatMap((object) => statefulSetSchema.safeParse(object).data ?? [])
    .filter((wanted) => {
      const existing = live.find(({ metadata }) => metadata.name === wanted.metadata.name);
      return existing !== undefined && immutableFields(existing) !== immutableFields(wanted);
    })
    .map(({ metadata }) => metadata.name);
}

function immutableFields({ spec }: StatefulSet): string {
  return JSON.stringify(
    spec.volumeClaimTemplates.map(({ metadata, spec: { storageClassName, resources } }) => [
      metadata.name,
      storageClassName,
      parseQuantity(resources.requests.storage),
    ]),
  );
}

/**
 * Fails for every change of a volume, with the manual steps, as none can be applied in place and some
 * lose the data.
 *
 * @param expandable whether the StorageClass allows volume expansion
 */
export function checkVolumes(
  changes: readonly VolumeChange[],
  target: Target,
  expandable: boolean,
): Requirement {
  const name = 'volumes';
  if (changes.length === 0) return ok(name, 'keep their sizes and classes');
  const seen = changes.map(
    ({ component, from, to, change }) =>
      `${component} ${change === 'class' ? 'from class' : 'from'} ${from} to ${to}`,
  );
  const todo = changes.map((change) => steps(change, target, expandable)).join('\n  ');
  return failed(name, `a volume cannot be changed in place: ${seen.join(', ')}`, todo);
}

function steps(
  { component, claim, from, to, change }: VolumeChange,
  target: Target,
  expandable: boolean,
) {
  const orphan = kubectlHint(target, ['delete', 'statefulset', component, '--cascade=orphan']);
  const patch = JSON.stringify({ spec: { resources: { requests: { storage: to } } } });
  if (change === 'larger' && expandable) {
    return [
      `${component}: expand the volume, delete the StatefulSet (its pod and data stay), and run the command again:`,
      kubectlHint(target, ['patch', 'pvc', claim, '--patch', patch]),
      orphan,
    ].join('\n    ');
  }
  const reason = {
    larger: 'its StorageClass does not allow volume expansion',
    smaller: 'a volume cannot be made smaller',
    class: 'the class of a volume cannot be changed',
  }[change];
  return [
    `${component}: ${reason}. Keep ${from} in mantis.yaml, or`,
    `to keep the old volume with its data: ${orphan}`,
    `or to start empty and LOSE the stored data: ${kubectlHint(target, ['delete', `statefulset/${component}`, `pvc/${claim}`])}`,
    'and run the command again',
  ].join('\n    ');
}
