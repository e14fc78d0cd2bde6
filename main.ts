import { newApp, writeManifests } from './charts/synth.ts';
import { loadSettings, Mantis, SettingsError, TestApp } from './index.ts';
import { hasCustomSettings } from './settings/load.ts';

/** `cdk8s synth` runs this file: settings in, YAML out. */
const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
const source = { file: 'mantis.yaml', env: process.env };
try {
  const app = newApp(outdir);
  const mantis = new Mantis(app, 'mantis', { settings: loadSettings(source) });
  if (mantis.settings.testApp.enabled) new TestApp(app, 'test-app', { mantis });
  writeManifests(app);
  if (hasCustomSettings(source))
    console.error(`${outdir}/ holds your own settings, not the defaults`);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
