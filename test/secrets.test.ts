import { configFiles, kindAndName, synth } from './synthesized.ts';

const manifests = synth({}, { local: true });
const words = 'password|passwd|secret|token|api_?key|private_?key|credentials';
/** A literal value after one of these words; a path is allowed. */
const literal = new RegExp(`\\b\\w*(${words})\\w*["']?\\s*[:=]\\s*["']?(?!/)[^\\s"'{\\[]`, 'i');

test.each(configFiles(manifests))('$configMap/$file holds no secret', ({ text }) => {
  expect(text.split('\n').filter((line) => literal.test(line))).toEqual([]);
});

test.each(['password: hunter2', 'api_key = abc', '"secretKey": "abc"', 'GF_TOKEN=abc'])(
  '%j counts as a secret',
  (line) => {
    expect(line).toMatch(literal);
  },
);

test('no object is a Secret', () => {
  expect(manifests.filter(({ kind }) => kind === 'Secret').map(kindAndName)).toEqual([]);
});
