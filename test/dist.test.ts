import { readFiles, synthFiles } from './synthesized.ts';

const inDist = readFiles('dist');
const defaults = synthFiles();

test('dist/ has exactly the files of the default settings', () => {
  expect(Object.keys(inDist).sort()).toEqual(Object.keys(defaults).sort());
});

test.each(Object.keys(defaults))('dist/%s is up to date; if not, run make synth', (name) => {
  expect(inDist[name]).toBe(defaults[name]);
});

test('the output is deterministic', () => {
  expect(synthFiles()).toEqual(defaults);
});
