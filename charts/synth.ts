import { App, YamlOutputType } from 'cdk8s';
import type { Settings } from '../lib/schema.ts';
import { clusterView } from './cluster-view.ts';
import { type DoctorChartOptions, doctorChart } from './doctor.ts';
import { kindAccess } from './kind-access.ts';
import { customers, type LoadTestOptions, loadTest } from './load.ts';
import { stack } from './stack.ts';
import { testApp } from './test-app.ts';

export interface SynthesizeOptions {
  /**
   * Also the charts for a local kind cluster: node ports and simulated customers. @default false
   */
  readonly local?: boolean;
}

/**
 * Writes every manifest to a directory, one file a component, numbered in the order of apply. The
 * result depends on the settings alone.
 */
export function synthesize(
  settings: Settings,
  outdir: string,
  options: SynthesizeOptions = {},
): void {
  const app = newApp(outdir);
  stack(app, settings);
  if (settings.clusterView.enabled) clusterView(app, settings);
  if (settings.testApp.enabled) testApp(app, settings);
  if (options.local) {
    kindAccess(app, settings);
    if (settings.testApp.enabled && settings.kind.journeysPerSecond > 0) customers(app, settings);
  }
  app.synth();
}

/** Writes only the simulated customers, for a cluster that runs the rest. */
export function synthesizeCustomers(settings: Settings, outdir: string): void {
  const app = newApp(outdir);
  customers(app, settings);
  app.synth();
}

/** Writes only a load test. */
export function synthesizeLoadTest(
  settings: Settings,
  outdir: string,
  options: LoadTestOptions,
): void {
  const app = newApp(outdir);
  loadTest(app, settings, options);
  app.synth();
}

/** Writes only the Job of the doctor. */
export function synthesizeDoctor(
  settings: Settings,
  outdir: string,
  options: DoctorChartOptions,
): void {
  const app = newApp(outdir);
  doctorChart(app, settings, options);
  app.synth();
}

function newApp(outdir: string): App {
  return new App({
    outdir,
    outputFileExtension: '.k8s.yaml',
    yamlOutputType: YamlOutputType.FILE_PER_CHART,
    recordConstructMetadata: false,
  });
}
