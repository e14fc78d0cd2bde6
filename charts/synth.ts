import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, YamlOutputType } from 'cdk8s';
import type { Settings } from '../lib/schema.ts';
import { writeKustomization } from './kustomization.ts';
import { Mantis } from './mantis.ts';
import { TestApp } from './test-app.ts';

/**
 * Writes every manifest to a directory, one file a component, numbered in the order of apply, and their
 * kustomization. The result depends on the settings alone.
 */
export function synthesize(settings: Settings, outdir: string): void {
  const app = newApp(outdir);
  addCharts(app, settings);
  writeManifests(app);
}

/** Writes what is in an App, the kustomization of its files, and the rules of external stores. */
export function writeManifests(app: App): void {
  app.synth();
  writeRules(app);
  writeKustomization(
    app.outdir,
    app.charts.map(({ node }) => `${node.id}${app.outputFileExtension}`),
  );
}

/** In a directory of their own: they are no objects of the cluster, as the files beside it are. */
function writeRules(app: App): void {
  const directory = join(app.outdir, 'rules', 'loki');
  rmSync(directory, { recursive: true, force: true });
  const stacks = app.node.children.filter((each) => each instanceof Mantis);
  for (const { rulesOfExternalLoki } of stacks) {
    for (const [name, text] of Object.entries(rulesOfExternalLoki)) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, name), text);
    }
  }
}

/** @param faultSwitches whether the homepage of the test app has switches for faults */
export function addCharts(app: App, settings: Settings, faultSwitches = false): void {
  const mantis = new Mantis(app, 'mantis', { settings });
  if (settings.testApp.enabled) new TestApp(app, 'test-app', { mantis, faultSwitches });
}

export function newApp(outdir: string): App {
  return new App({
    outdir,
    outputFileExtension: '.k8s.yaml',
    yamlOutputType: YamlOutputType.FILE_PER_CHART,
    recordConstructMetadata: false,
  });
}
