import { z } from 'zod';
import { type Target, typed } from '../../cluster/kubectl.ts';
import { parseQuantity } from './quantity.ts';
import { failed, ok, type Requirement } from './requirement.ts';

const claimTemplate = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    storageClassName: z.string().optional(),
    resources: z.object({ requests: z.object({ storage: z.string() }) }),
  }),
});

/** The parts of a StatefulSet that the API server never changes, and that settings can. */
const statefulSet = z.object({
  kind: z.literal('StatefulSet'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ volumeClaimTemplates: z.array(claimTemplate).default([]) }),
});

export const liveStatefulSetsSchema = z.object({ items: z.array(statefulSet) });

export type StatefulSet = z.output<typeof statefulSet>;

export interface VolumeChange {
  readonly component: string;
  readonly claim: string;
  readonly from: string;
  readonly to: string;
  readonly what: 'larger' | 'smaller' | 'class';
}

/** The volumes whose size or class differs from what runs. */
export function volumeChanges(
  objects: readonly unknown[],
  live: readonly StatefulSet[],
): VolumeChange[] {
  const wanted = objects.flatMap((object) => statefulSet.safeParse(object).data ?? []);
  return wanted.flatMap(({ metadata: { name: component }, spec }) => {
    const there = live.find(({ metadata }) => metadata.name === component);
    return spec.volumeClaimTemplates.flatMap((template) => {
      const old = there?.spec.volumeClaimTemplates.find(
        ({ metadata }) => metadata.name === template.metadata.name,
      );
      if (old === undefined) return [];
      const claim = `${template.metadata.name}-${component}-0`;
      return [
        ...sizeChange(component, claim, old, template),
        ...classChange(component, claim, old, template),
      ];
    });
  });
}

/**
 * The StatefulSets that would have to be made anew to become what these objects say: any difference
 * in what their volumes are made from is refused.
 */
export function requiresRecreate(
  objects: readonly unknown[],
  live: readonly StatefulSet[],
): string[] {
  return objects
    .flatMap((object) => statefulSet.safeParse(object).data ?? [])
    .filter((wanted) => {
      const there = live.find(({ metadata }) => metadata.name === wanted.metadata.name);
      return there !== undefined && fixedPart(there) !== fixedPart(wanted);
    })
    .map(({ metadata }) => metadata.name);
}

function fixedPart({ spec }: StatefulSet): string {
  return JSON.stringify(
    spec.volumeClaimTemplates.map(({ metadata, spec: { storageClassName, resources } }) => [
      metadata.name,
      storageClassName,
      parseQuantity(resources.requests.storage),
    ]),
  );
}

type Template = z.output<typeof claimTemplate>;

function sizeChange(
  component: string,
  claim: string,
  old: Template,
  now: Template,
): VolumeChange[] {
  const [from, to] = [old, now].map(({ spec }) => spec.resources.requests.storage) as [
    string,
    string,
  ];
  const difference = parseQuantity(to) - parseQuantity(from);
  if (difference === 0) return [];
  return [{ component, claim, from, to, what: difference > 0 ? 'larger' : 'smaller' }];
}

/** A class that is left out stays whatever the default was when the volume was made. */
function classChange(
  component: string,
  claim: string,
  old: Template,
  now: Template,
): VolumeChange[] {
  const [from, to] = [old.spec.storageClassName, now.spec.storageClassName];
  if (to === undefined || from === to) return [];
  return [{ component, claim, from: from ?? 'the default', to, what: 'class' }];
}

/**
 * Nothing of this can be done in place, and some of it costs the data: so it is refused before
 * anything is applied, with the steps.
 *
 * @param expandable whether the class of the volumes can enlarge them
 */
export function checkVolumes(
  changes: readonly VolumeChange[],
  target: Target,
  expandable: boolean,
): Requirement {
  const name = 'volumes';
  if (changes.length === 0) return ok(name, 'keep their sizes and classes');
  const seen = changes.map(
    ({ component, from, to, what }) =>
      `${component} ${what === 'class' ? 'from class' : 'from'} ${from} to ${to}`,
  );
  const todo = changes.map((change) => steps(change, target, expandable)).join('\n  ');
  return failed(name, `a volume cannot be changed in place: ${seen.join(', ')}`, todo);
}

function steps(
  { component, claim, from, to, what }: VolumeChange,
  target: Target,
  expandable: boolean,
) {
  const orphan = typed(target, ['delete', 'statefulset', component, '--cascade=orphan']);
  const patch = JSON.stringify({ spec: { resources: { requests: { storage: to } } } });
  if (what === 'larger' && expandable) {
    return [
      `${component}: enlarge the volume, let go of the StatefulSet (pod and data stay), and run the command again:`,
      typed(target, ['patch', 'pvc', claim, '--patch', patch]),
      orphan,
    ].join('\n    ');
  }
  const why = {
    larger: 'its StorageClass cannot enlarge volumes',
    smaller: 'no volume can be made smaller',
    class: 'no volume can move to another class',
  }[what];
  return [
    `${component}: ${why}. Keep ${from} in mantis.yaml, or`,
    `to keep the data on the old volume as it is: ${orphan}`,
    `or to begin anew and LOSE what is stored: ${typed(target, ['delete', `statefulset/${component}`, `pvc/${claim}`])}`,
    'and run the command again',
  ].join('\n    ');
}
