import { buildLease, holderOf, isExpired, type Lease } from './lease.ts';

const noon = new Date('2026-11-23T12:00:00Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
const ann = { identity: 'ann@laptop (process 7)', operation: 'deploying to', since: noon };
const bob = { ...ann, identity: 'bob@desk (process 7)' };

/** The Lease as the API server returns it. */
const stored = (object: object): Lease => {
  const { metadata, spec } = object as Pick<Lease, 'metadata' | 'spec'>;
  const { annotations = {} } = metadata;
  return { metadata: { uid: 'u', resourceVersion: '5', annotations }, spec };
};

test('the holder is read back from the Lease', () => {
  expect(holderOf(stored(buildLease(undefined, ann, noon)))).toEqual(ann);
});

test('times have six digits', () => {
  expect(buildLease(undefined, ann, noon)).toMatchObject({
    spec: { acquireTime: '2026-11-23T12:00:00.000000Z', renewTime: '2026-11-23T12:00:00.000000Z' },
  });
});

test('a released Lease has no holder and counts as expired', () => {
  const free = stored(buildLease(stored(buildLease(undefined, ann, noon)), undefined, noon));
  expect(holderOf(free)).toBeUndefined();
  expect(isExpired(free, noon)).toBe(true);
});

test.each([
  [0, false],
  [59, false],
  [61, true],
])('%d seconds after its renewal a Lease is expired: %s', (seconds, expired) => {
  expect(isExpired(stored(buildLease(undefined, ann, noon)), after(seconds))).toBe(expired);
});

test('a renewal keeps the number of transitions, another holder increments it', () => {
  const first = stored(buildLease(undefined, ann, noon));
  expect(first.spec.leaseTransitions).toBe(1);
  expect(buildLease(first, ann, after(10))).toMatchObject({
    metadata: { resourceVersion: '5' },
    spec: { leaseTransitions: 1, renewTime: '2026-11-23T12:00:10.000000Z' },
  });
  expect(buildLease(first, bob, after(70))).toMatchObject({ spec: { leaseTransitions: 2 } });
});
