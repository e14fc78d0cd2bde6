import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../charts/synth.ts';
import { hasCustomSettings, loadSettings } from '../settings/load.ts';
import { settingsExamples } from './settings-examples.ts';
import { readFiles, synthFiles } from './synthesized.ts';

const examples = settingsExamples();

test('the documents have examples of mantis.yaml', () => {
  expect(examples.length).toBeGreaterThan(3);
});

test.each(examples)('$name is valid and changes the output', ({ path }) => {
  expect(hasCustomSettings({ file: path })).toBe(true);
  const outdir = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesize(loadSettings({ file: path }), outdir);
  expect(readFiles(outdir)).not.toEqual(synthFiles());
  rmSync(outdir, { recursive: true });
});
