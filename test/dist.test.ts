import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../charts/synth.ts';
import { readFiles, settingsOf, synthFiles } from './synthesized.ts';

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

test('dist/Kustomization is up to date; if not, run make synth', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesize(settingsOf(), outdir);
  expect(readFileSync('dist/Kustomization', 'utf8')).toBe(
    readFileSync(join(outdir, 'Kustomization'), 'utf8'),
  );
  expect(readdirSync('dist').sort()).toEqual(readdirSync(outdir).sort());
});
