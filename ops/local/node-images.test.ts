import { planImages } from './node-images.ts';

const state = (localId: string | undefined, ...nodeIds: (string | undefined)[]) => ({
  reference: 'grafana/loki:3.7.8',
  localId,
  nodeIds,
});

test.each([
  ['loaded: local and on no node', state('a', undefined), 'load'],
  ['loaded: another image under the same tag', state('a', 'b'), 'load'],
  ['loaded: on one node of two', state('a', 'a', undefined), 'load'],
  ['present: the same image on every node', state('a', 'a', 'a'), 'present'],
  ['present: not local, but on the node', state(undefined, 'b'), 'present'],
  ['pulled: neither local nor on the node', state(undefined, undefined), 'pull'],
] as const)('%s', (_why, images, expected) => {
  const plan = planImages([images]);
  expect(plan[expected]).toEqual([images.reference]);
  expect(Object.values(plan).flat()).toHaveLength(1);
});

test('an image pinned by digest is pulled, because a loaded one has no digest', () => {
  const pinned = { ...state('a', undefined), reference: 'grafana/loki:3.7.8@sha256:ff' };
  expect(planImages([pinned]).pull).toEqual([pinned.reference]);
});
