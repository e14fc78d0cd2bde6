import { holdsSecret } from '../testing/secrets.ts';
import { configFiles, kindAndName, synth } from './synthesized.ts';

const manifests = synth({}, { local: true });
test.each(configFiles(manifests))('$configMap/$file holds no secret', ({ text }) => {
  expect(text.split('\n').filter((line) => holdsSecret(line))).toEqual([]);
});

test.each(['password: hunter2', 'api_key = abc', '"secretKey": "abc"', 'GF_TOKEN=abc'])(
  '%j counts as a secret',
  (line) => {
    expect(holdsSecret(line)).toBe(true);
  },
);

test('no object is a Secret', () => {
  expect(manifests.filter(({ kind }) => kind === 'Secret').map(kindAndName)).toEqual([]);
});
