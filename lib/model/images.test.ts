import { readFileSync } from 'node:fs';
import { settingsOf } from '../../test/synthesized.ts';
import { builtHere, type Image, imageReference, images, releaseOf } from './images.ts';

const image: Image = images.loki;
const digest = `sha256:${'a'.repeat(64)}`;
const imagePrefix = 'registry.example.com/mirror';
const imageDigests = { [releaseOf(image)]: digest };

test.each([
  ['by its tag', {}, 'grafana/loki:3.7.8'],
  ['behind a mirror', { imagePrefix }, 'registry.example.com/mirror/grafana/loki:3.7.8'],
  ['by its content as well', { imageDigests }, `grafana/loki:3.7.8@${digest}`],
  ['by both', { imagePrefix, imageDigests }, `${imagePrefix}/grafana/loki:3.7.8@${digest}`],
])('an image is named %s', (_, settings, expected) => {
  expect(imageReference(image, settingsOf(settings))).toBe(expected);
});

test('an image that a user has elsewhere has the name that the user gave it', () => {
  const elsewhere = 'registry.example.com/shop:1';
  expect(imageReference({ ...image, override: elsewhere }, settingsOf({ imagePrefix }))).toBe(
    elsewhere,
  );
});

const { node, ...programs } = images;

test.each(Object.entries(programs))('the release of %s is exact', (_, { tag }) => {
  expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
});

test("Node's image is the one that the test app is built on, so that one is enough", () => {
  const dockerfile = readFileSync('test-app/Dockerfile', 'utf8');
  // Written in full, because Podman does not guess the registry.
  expect(dockerfile).toContain(`ARG NODE_IMAGE=docker.io/library/${releaseOf(node)}\n`);
});

test('the image that is built here has the version of its package', () => {
  const { version } = require('../test-app/package.json');
  expect(builtHere.map((name) => images[name].tag)).toEqual([version]);
});
