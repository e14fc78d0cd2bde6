import { readFileSync } from 'node:fs';
import { markdownFiles } from '../../test/markdown.ts';
import { settingsOf } from '../../test/synthesized.ts';
import { type Image, imageReference, images, taggedName } from './images.ts';
import { version } from './version.ts';

const image: Image = images.loki;
const digest = `sha256:${'a'.repeat(64)}`;
const imagePrefix = 'registry.example.com/mirror';
const imageDigests = { [taggedName(image)]: digest };

test.each([
  ['by its tag', {}, 'grafana/loki:3.7.8'],
  ['behind a mirror', { imagePrefix }, 'registry.example.com/mirror/grafana/loki:3.7.8'],
  ['by its digest as well', { imageDigests }, `grafana/loki:3.7.8@${digest}`],
  ['by both', { imagePrefix, imageDigests }, `${imagePrefix}/grafana/loki:3.7.8@${digest}`],
])('an image is named %s', (_, settings, expected) => {
  expect(imageReference(image, settingsOf(settings))).toBe(expected);
});

test('a reference that a user set replaces the name of an image', () => {
  const override = 'registry.example.com/shop:1';
  expect(imageReference({ ...image, override }, settingsOf({ imagePrefix }))).toBe(override);
});

const { node, ...programs } = images;

test.each(Object.entries(programs))('the tag of %s is an exact version', (_, { tag }) => {
  expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
});

test('the Node image is the base image of the test app, so that only one is pulled', () => {
  const dockerfile = readFileSync('test-app/Dockerfile', 'utf8');
  // Written in full, because Podman does not guess the registry.
  expect(dockerfile).toContain(`ARG NODE_IMAGE=docker.io/library/${taggedName(node)}\n`);
});

test.each([
  'package.json',
  'package-lock.json',
  'test-app/package.json',
  'test-app/package-lock.json',
])('%s has the version of Mantis', (file) => {
  expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe(version);
});

test("documents name the test app's image by its tag", () => {
  const texts = [
    ...markdownFiles().map(({ text }) => text),
    readFileSync('test-app/Dockerfile', 'utf8'),
  ];
  const tags = texts.flatMap((text) => [
    ...text.matchAll(/localhost\/mantis\/test-app:([\w.-]+)/g),
  ]);
  expect(tags.length).toBeGreaterThan(3);
  expect(new Set(tags.map(([, tag]) => tag))).toEqual(new Set([version]));
});
