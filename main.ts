import { synthesize } from './charts/synth.ts';
import { SettingsError } from './lib/settings/error.ts';
import { hasCustomSettings, loadSettings } from './settings/load.ts';

/** `cdk8s synth` runs this file: settings in, YAML out. */
const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
const source = { file: 'mantis.yaml', env: process.env };
try {
  synthesize(loadSettings(source), outdir);
  if (hasCustomSettings(source))
    console.error(`${outdir}/ holds your own settings, not the defaults`);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
