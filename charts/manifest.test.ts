import { type Chart, Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { declareSource } from '../lib/model/source.ts';
import type { Manifest } from '../test/synthesized.ts';
import { manifest } from './manifest.ts';

function synthesized(build: (chart: Chart) => void): Manifest[] {
  const app = Testing.app();
  manifest(app, { id: '0000-example' }, build);
  return app.charts.flatMap((chart) => Testing.synth(chart) as Manifest[]);
}

function example(chart: Chart): void {
  declareSource(chart, 'lib/example.ts');
  const map = new k8s.KubeConfigMap(chart, 'map', { metadata: { name: 'map' } });
  declareSource(map, 'lib/one.ts', 'lib/two.ts');
  new k8s.KubeConfigMap(chart, 'other', { metadata: { name: 'other' } });
}

test('every object names its source files', () => {
  const sources = synthesized(example).map(({ metadata }) => metadata.annotations);
  expect(sources).toEqual([
    { 'mantis.dev/source': 'lib/one.ts,lib/two.ts' },
    { 'mantis.dev/source': 'lib/example.ts' },
  ]);
});

test('an object without a source file is refused', () => {
  const build = (chart: Chart) => {
    new k8s.KubeConfigMap(chart, 'map', { metadata: { name: 'map' } });
  };
  expect(() => synthesized(build)).toThrow('0000-example/map declares no source file');
});
