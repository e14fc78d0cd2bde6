import { readFileSync } from 'node:fs';
import { builtHere, type Image, imageReference, images } from './images.ts';

const image: Image = { name: 'grafana/loki', tag: '3.7.8', uid: 10001 };

test('an image is named by its tag', () => {
  expect(imageReference(image)).toBe('grafana/loki:3.7.8');
});

test('a mirror goes in front of the name', () => {
  expect(imageReference(image, 'registry.example.com/mirror')).toBe(
    'registry.example.com/mirror/grafana/loki:3.7.8',
  );
});

test('a known digest pins the content as well', () => {
  const digest = `sha256:${'a'.repeat(64)}` as const;
  expect(imageReference({ ...image, digest })).toBe(`grafana/loki:3.7.8@${digest}`);
});

const { node, ...programs } = images;

test.each(Object.entries(programs))('the release of %s is exact', (_, { tag }) => {
  expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
});

test("Node's image is the one that the test app is built on, so that one is enough", () => {
  const dockerfile = readFileSync('test-app/Dockerfile', 'utf8');
  expect(dockerfile).toContain(`ARG NODE_IMAGE=${imageReference(node)}\n`);
});

test('the image that is built here has the version of its package', () => {
  const { version } = require('../test-app/package.json');
  expect(builtHere.map((name) => images[name].tag)).toEqual([version]);
});
