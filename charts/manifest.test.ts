import { Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Manifest } from '../test/synthesized.ts';
import { manifest } from './manifest.ts';

function written(namespace?: string): Manifest[] {
  const app = Testing.app();
  manifest(app, { id: '0000-example', source: 'lib/example.ts', namespace }, (chart) => {
    new k8s.KubeConfigMap(chart, 'map', { metadata: { name: 'map' } });
    new k8s.KubeClusterRole(chart, 'role', { metadata: { name: 'role' } });
  });
  return app.charts.flatMap((chart) => Testing.synth(chart) as Manifest[]);
}

test('every object says which file it comes from', () => {
  for (const { metadata } of written()) {
    expect(metadata.annotations).toEqual({ 'mantis.dev/source': 'lib/example.ts' });
  }
});

test('a namespace is given to what is in one, and to nothing else', () => {
  expect(written('mine').map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['ConfigMap', 'mine'],
    ['ClusterRole', undefined],
  ]);
});
