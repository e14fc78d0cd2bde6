import type { Settings } from '../lib/schema.ts';
import { type DoctorChartOptions, doctorChart } from './doctor.ts';
import { kindAccess } from './kind-access.ts';
import { customers, type LoadTestOptions, loadTest } from './load.ts';
import { addCharts, newApp } from './synth.ts';

/** What commands apply beside the output of `cdk8s synth`; a file of its own, so that synth does not load it. */

export interface DeploymentOptions {
  /**
   * Also what is for a local kind cluster: charts with node ports and simulated customers, and
   * switches for faults. @default false
   */
  readonly local?: boolean;
}

/** Writes every manifest of a deployment. */
export function synthesizeDeployment(
  settings: Settings,
  outdir: string,
  { local = false }: DeploymentOptions = {},
): void {
  const app = newApp(outdir);
  addCharts(app, settings, local && settings.kind.faultSwitches);
  if (local) {
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
