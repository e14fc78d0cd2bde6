import { type Chart, Testing } from 'cdk8s';
import type { Manifest } from './synthesized.ts';

/** The objects of constructs that stand alone, outside any deployment. */
export function synthConstruct(build: (chart: Chart) => void): Manifest[] {
  const chart = Testing.chart();
  build(chart);
  return Testing.synth(chart) as Manifest[];
}

/** The pod template's specification, and its one container. */
export function podOf(workload: Manifest) {
  const { metadata, spec } = workload.spec.template;
  const [container] = spec.containers;
  return { metadata, spec, container };
}
