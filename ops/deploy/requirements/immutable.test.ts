import {
  checkVolumes,
  liveStatefulSetsSchema,
  requiresRecreate,
  volumeChanges,
} from './immutable.ts';

const target = { context: 'prod', namespace: 'observability' };

const statefulSet = (storage: string, storageClassName?: string) => ({
  kind: 'StatefulSet',
  metadata: { name: 'loki' },
  spec: {
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { storageClassName, resources: { requests: { storage } } },
      },
    ],
  },
});
const live = (storage: string, storageClassName?: string) =>
  liveStatefulSetsSchema.parse({ items: [statefulSet(storage, storageClassName)] }).items;

test.each([
  ['the same size', statefulSet('10Gi'), live('10Gi')],
  ['the same size, written otherwise', statefulSet('10Gi'), live('10240Mi')],
  ['a class that is not asked for', statefulSet('10Gi'), live('10Gi', 'fast')],
  ['a component that is new', statefulSet('10Gi'), []],
])('%s is no change', (_name, object, there) => {
  expect(volumeChanges([object], there)).toEqual([]);
});

const check = (object: object, there: ReturnType<typeof live>, expandable: boolean) =>
  checkVolumes(volumeChanges([object], there), target, expandable);

test('a volume that is to grow comes with the steps, none of which loses data', () => {
  const { status, seen, todo } = check(statefulSet('20Gi'), live('10Gi'), true);
  expect(status).toBe('failed');
  expect(seen).toBe('a volume cannot be changed in place: loki from 10Gi to 20Gi');
  expect(todo).toContain(
    'patch pvc data-loki-0 --patch \'{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}\'',
  );
  expect(todo).toContain('delete statefulset loki --cascade=orphan');
  expect(todo).not.toContain('LOSE');
});

test.each([
  ['a class that cannot enlarge', statefulSet('20Gi'), live('10Gi'), 'cannot enlarge volumes'],
  ['a smaller size', statefulSet('5Gi'), live('10Gi'), 'no volume can be made smaller'],
  ['another class', statefulSet('10Gi', 'fast'), live('10Gi', 'slow'), 'no volume can move'],
])('%s says what it would cost, and how to keep the data', (_name, object, there, why) => {
  const { status, todo } = check(object, there, _name === 'a smaller size');
  expect(status).toBe('failed');
  expect(todo).toContain(why);
  expect(todo).toContain('to keep the data');
  expect(todo).toContain('LOSE what is stored');
});

test.each([
  ['another size', statefulSet('11Gi'), live('10Gi'), ['loki']],
  ['another class', statefulSet('10Gi'), live('10Gi', 'fast'), ['loki']],
  ['the same size, written otherwise', statefulSet('10Gi'), live('10240Mi'), []],
  ['nothing there', statefulSet('10Gi'), [], []],
])('on the way back a StatefulSet is let go of for %s', (_what, object, there, names) => {
  expect(requiresRecreate([object], there)).toEqual(names);
});
