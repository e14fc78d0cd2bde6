import { Chart, Testing } from 'cdk8s';
import type { AnyManifest } from './synthesized.ts';

/** Synthesizes constructs on their own. @param namespace of their chart */
export function synthConstruct(
  build: (chart: Chart) => void,
  namespace = 'observability',
): AnyManifest[] {
  const chart = new Chart(Testing.app(), 'test', { namespace });
  build(chart);
  return Testing.synth(chart) as AnyManifest[];
}

/** The pod template of a workload, and its one container. */
export function podTemplateOf(workload: AnyManifest) {
  const { metadata, spec } = workload.spec.template;
  const [container] = spec.containers;
  return { metadata, spec, container };
}
