import {
  checkVolumes,
  requiresRecreate,
  statefulSetSchema,
  volumeChanges,
} from './immutable-fields.ts';

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
const live = (storage: string, storageClassName?: string) => [
  statefulSetSchema.parse(statefulSet(storage, storageClassName)),
];

test.each([
  ['the same size', statefulSet('10Gi'), live('10Gi')],
  ['the same size in another unit', statefulSet('10Gi'), live('10240Mi')],
  ['no class in the template', statefulSet('10Gi'), live('10Gi', 'fast')],
  ['a new component', statefulSet('10Gi'), []],
])('%s is no change', (_name, object, existing) => {
  expect(volumeChanges([object], existing)).toEqual([]);
});

const check = (object: object, existing: ReturnType<typeof live>, expandable: boolean) =>
  checkVolumes(volumeChanges([object], existing), target, expandable);

test('a larger volume comes with the steps that expand it', () => {
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
  ['no volume expansion', statefulSet('20Gi'), live('10Gi'), 'does not allow volume expansion'],
  ['a smaller size', statefulSet('5Gi'), live('10Gi'), 'cannot be made smaller'],
  ['another class', statefulSet('10Gi', 'fast'), live('10Gi', 'slow'), 'cannot be changed'],
])('%s comes with the steps that keep or lose the data', (name, object, existing, reason) => {
  const { status, todo } = check(object, existing, name === 'a smaller size');
  expect(status).toBe('failed');
  expect(todo).toContain(reason);
  expect(todo).toContain('to keep the old volume with its data');
  expect(todo).toContain('LOSE the stored data');
});

test.each([
  ['another size', statefulSet('11Gi'), live('10Gi'), ['loki']],
  ['another class', statefulSet('10Gi'), live('10Gi', 'fast'), ['loki']],
  ['the same size in another unit', statefulSet('10Gi'), live('10240Mi'), []],
  ['no live StatefulSet', statefulSet('10Gi'), [], []],
])('whether a StatefulSet has to be recreated: %s', (_what, object, existing, names) => {
  expect(requiresRecreate([object], existing)).toEqual(names);
});
