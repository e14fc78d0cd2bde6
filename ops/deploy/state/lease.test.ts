import { holderOf, isSilent, type Lease, leaseOf } from './lease.ts';

const noon = new Date('2026-11-23T12:00:00Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
const ann = { who: 'ann@laptop (process 7)', doing: 'deploying to', since: noon };
const bob = { ...ann, who: 'bob@desk (process 7)' };

/** What the API server would give back. */
const stored = (object: object): Lease => {
  const { metadata, spec } = object as Pick<Lease, 'metadata' | 'spec'>;
  const { annotations = {} } = metadata;
  return { metadata: { uid: 'u', resourceVersion: '5', annotations }, spec };
};

test('who holds it, since when and what for is read back', () => {
  expect(holderOf(stored(leaseOf(undefined, ann, noon)))).toEqual(ann);
});

test('times have the six digits that the API server insists on', () => {
  expect(leaseOf(undefined, ann, noon)).toMatchObject({
    spec: { acquireTime: '2026-11-23T12:00:00.000000Z', renewTime: '2026-11-23T12:00:00.000000Z' },
  });
});

test('given back it is nobody’s, and everybody may have it', () => {
  const free = stored(leaseOf(stored(leaseOf(undefined, ann, noon)), undefined, noon));
  expect(holderOf(free)).toBeUndefined();
  expect(isSilent(free, noon)).toBe(true);
});

test.each([
  [0, false],
  [59, false],
  [61, true],
])('%d seconds after the last sign of life its holder counts as gone: %s', (seconds, silent) => {
  expect(isSilent(stored(leaseOf(undefined, ann, noon)), after(seconds))).toBe(silent);
});

test('a sign of life keeps its turn, another holder is a new one', () => {
  const first = stored(leaseOf(undefined, ann, noon));
  expect(first.spec.leaseTransitions).toBe(1);
  expect(leaseOf(first, ann, after(10))).toMatchObject({
    metadata: { resourceVersion: '5' },
    spec: { leaseTransitions: 1, renewTime: '2026-11-23T12:00:10.000000Z' },
  });
  expect(leaseOf(first, bob, after(70))).toMatchObject({ spec: { leaseTransitions: 2 } });
});
