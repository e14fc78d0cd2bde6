import { parse } from 'yaml';
import { podTemplateOf } from '../../test/construct.ts';
import { configFile, findManifest, type Manifest, synth } from '../../test/synthesized.ts';
import { settingsSchema } from '../schema.ts';

const configOf = (manifests: readonly Manifest[]) =>
  parse(configFile(manifests, 'otel-collector-config', 'collector.yaml'));
const podOf = (manifests: readonly Manifest[]) =>
  podTemplateOf(findManifest(manifests, 'StatefulSet', 'otel-collector'));

const on = synth({ clusterName: 'blue' });
const off = synth({ clusterName: 'blue', collector: { kubernetesMetadata: { enabled: false } } });
const { processors, service } = configOf(on);

test.each(['metrics', 'logs', 'traces'])(
  '%s get their metadata before their resource is changed',
  (signal) => {
    expect(service.pipelines[signal].processors.slice(0, 5)).toEqual([
      'memory_limiter',
      'transform/other_cluster',
      'k8s_attributes',
      'transform/instance',
      'resource/normalize',
    ]);
  },
);

test('what a resource says about its pod precedes the address of the sender', () => {
  const sources = processors.k8s_attributes.pod_association.map(
    (rule: { sources: { from: string; name?: string }[] }) =>
      rule.sources.map(({ from, name }) => name ?? from),
  );
  expect(sources).toEqual([
    ['mantis.other_cluster'],
    ['k8s.pod.uid'],
    ['k8s.pod.ip'],
    ['k8s.pod.name', 'k8s.namespace.name'],
    ['connection'],
  ]);
});

test('resources of another cluster are marked, and the mark is deleted', () => {
  expect(processors['transform/other_cluster'].metric_statements[0].statements).toEqual([
    expect.stringContaining('resource.attributes["k8s.cluster.name"] != "blue"'),
  ]);
  expect(processors['transform/instance'].metric_statements[0].statements).toContain(
    'delete_key(resource.attributes, "mantis.other_cluster")',
  );
});

test('the collector opens without the API server, and watches pods once for all pipelines', () => {
  expect(processors.k8s_attributes).not.toHaveProperty('wait_for_metadata');
  expect(podOf(on).container.args).toContainEqual(
    expect.stringMatching(/^--feature-gates=.*ShareProcessorBetweenPipelines/),
  );
});

test('the collector may list and watch pods, and nothing else', () => {
  const { rules } = findManifest(on, 'ClusterRole', 'observability-otel-collector');
  expect(rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }]);
  expect(podOf(on).spec.serviceAccountName).toBe('otel-collector');
  expect(podOf(on).spec.automountServiceAccountToken).toBe(false);
});

test('disabled, the collector has no token, no permission and no connection to the API server', () => {
  const { spec, container } = podOf(off);
  expect(spec.serviceAccountName).toBe('default');
  expect(JSON.stringify(spec.volumes)).not.toContain('serviceAccountToken');
  expect(container.args).toHaveLength(1);
  expect(configOf(off).processors).not.toHaveProperty('k8s_attributes');
  const kinds = off.filter(({ metadata }) => metadata.name.endsWith('otel-collector'));
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(['NetworkPolicy', 'Service', 'StatefulSet']);
  const egress = (manifests: readonly Manifest[]) =>
    JSON.stringify(findManifest(manifests, 'NetworkPolicy', 'otel-collector').spec.egress);
  expect(egress(on)).toContain('6443');
  expect(egress(off)).not.toContain('6443');
});

test('labels and annotations of pods are extracted by their keys', () => {
  const kubernetesMetadata = { labels: ['team'], annotations: ['example.com/owner'] };
  const { extract } = configOf(synth({ collector: { kubernetesMetadata } })).processors
    .k8s_attributes;
  expect(extract.labels).toEqual([{ key: 'team', from: 'pod' }]);
  expect(extract.annotations).toEqual([{ key: 'example.com/owner', from: 'pod' }]);
});

test.each(['', 'a b', '/x', 'Example.com/owner', 'a/b/c', '-x', 'x'.repeat(64)])(
  '"%s" is refused as the key of a label',
  (key) => {
    const result = settingsSchema.safeParse({
      collector: { kubernetesMetadata: { labels: ['app.kubernetes.io/part-of', key] } },
    });
    expect(result.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['collector.kubernetesMetadata.labels.1', 'a key such as team or app.kubernetes.io/part-of'],
    ]);
  },
);
