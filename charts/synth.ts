import { App, YamlOutputType } from 'cdk8s';
import type { Settings } from '../lib/settings.ts';
import { kindAccess } from './kind-access.ts';
import { stack } from './stack.ts';
import { testApp } from './test-app.ts';

export interface SynthesizeOptions {
  /** Also node ports for a local kind cluster. @default false */
  readonly kindAccess?: boolean;
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
  const app = new App({
    outdir,
    outputFileExtension: '.k8s.yaml',
    yamlOutputType: YamlOutputType.FILE_PER_CHART,
    recordConstructMetadata: false,
  });
  stack(app, settings);
  if (settings.testApp.enabled) testApp(app, settings);
  if (options.kindAccess) kindAccess(app, settings);
  app.synth();
}
