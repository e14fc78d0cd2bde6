import { Chart, Testing } from 'cdk8s';
import type { Manifest } from './synthesized.ts';

/** Synthesizes constructs on their own. @param namespace of their chart */
export function synthConstruct(
  build: (chart: Chart) => void,
  namespace = 'observability',
): Manifest[] {
  const chart = new Chart(Testing.app(), 'test', { namespace });
  build(chart);
  return Testing.synth(chart) as Manifest[];
}

/** The pod template of a workload, and its one container. */
export function podTemplateOf(workload: Manifest) {
  const { metadata, spec } = workload.spec.template;
  const [container] = spec.containers;
  return { metadata, spec, container };
}
