import { parse } from 'yaml';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { configFile, findManifest } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import type { PrometheusOptions } from './options.ts';
import { Prometheus } from './prometheus.ts';

function prometheus(input: PrometheusOptions = {}, rules = { 'a.yaml': 'groups: []\n' }) {
  const manifests = synthConstruct((chart) => {
    new Prometheus(chart, 'prometheus', {
      ...input,
      alertmanagerUrl: 'http://alertmanager:9093',
      rules: { files: rules, sources: ['rules.ts'] },
    });
  }, 'telemetry');
  return {
    manifests,
    config: parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml')),
    ...podTemplateOf(findManifest(manifests, 'StatefulSet', 'prometheus')),
  };
}

const mountPaths = (container: { volumeMounts: { mountPath: string }[] }) =>
  container.volumeMounts.map(({ mountPath }) => mountPath);

test('the paths of configuration, rules and data are mounted', () => {
  const { config, container } = prometheus();
  const [, file] = container.args[0].split('=');
  expect(mountPaths(container)).toContain(file.replace('/prometheus.yaml', ''));
  expect(mountPaths(container)).toContain(config.rule_files[0].replace('/*.yaml', ''));
  const data = container.args.find((arg: string) => arg.startsWith('--storage.tsdb.path='));
  expect(mountPaths(container)).toContain(data.split('=')[1]);
});

test('metrics are received by OTLP and by remote write, with exemplars and start times', () => {
  expect(prometheus().container.args).toEqual(
    expect.arrayContaining([
      '--web.enable-otlp-receiver',
      '--web.enable-remote-write-receiver',
      '--enable-feature=exemplar-storage,created-timestamp-zero-ingestion',
    ]),
  );
});

test('Prometheus may read nodes, pods and the metrics of kubelets, and nothing else', () => {
  const { rules } = findManifest(prometheus().manifests, 'ClusterRole', 'telemetry-prometheus');
  const allowed = rules.flatMap(({ resources }: { resources: string[] }) => resources);
  const verbs = rules.flatMap((rule: { verbs: string[] }) => rule.verbs);
  expect(allowed.sort()).toEqual(['nodes', 'nodes/metrics', 'pods']);
  expect(new Set(verbs)).toEqual(new Set(['get', 'list', 'watch']));
});

test('without annotated pods Prometheus may not read pods', () => {
  const { manifests } = prometheus({ annotatedPods: { enabled: false } });
  const { rules } = findManifest(manifests, 'ClusterRole', 'telemetry-prometheus');
  const allowed = rules.flatMap(({ resources }: { resources: string[] }) => resources);
  expect(allowed.sort()).toEqual(['nodes', 'nodes/metrics']);
});

test('one query loads at most an eighth of the memory limit', () => {
  const { container } = prometheus({ memoryLimit: '2Gi' });
  expect(container.args).toContain(`--query.max-samples=${(2 * 1024 ** 3) / 8 / 16}`);
});

test('the ClusterRole is bound to the service account of the pod, in its namespace', () => {
  const { manifests, spec } = prometheus();
  const { subjects, roleRef } = findManifest(
    manifests,
    'ClusterRoleBinding',
    'telemetry-prometheus',
  );
  expect(subjects).toEqual([
    { kind: 'ServiceAccount', name: spec.serviceAccountName, namespace: 'telemetry' },
  ]);
  expect(findManifest(manifests, 'ServiceAccount', spec.serviceAccountName)).toBeDefined();
  expect(findManifest(manifests, roleRef.kind, roleRef.name)).toBeDefined();
});

test('settings are in the configuration, and extraConfig is merged into it', () => {
  const { config, container } = prometheus({
    retention: '30d',
    storage: '50Gi',
    extraConfig: { scrape_configs: [{ job_name: 'mine' }], global: { scrape_timeout: '5s' } },
    extraArgs: ['--web.enable-admin-api'],
  });
  expect(config.storage.tsdb.retention).toEqual({ time: '720h', size: '40960MiB' });
  expect(config.scrape_configs.at(-1)).toEqual({ job_name: 'mine' });
  expect(config.global).toMatchObject({ scrape_timeout: '5s', scrape_interval: '15s' });
  expect(container.args.at(-1)).toBe('--web.enable-admin-api');
});

test('changed rules roll the pod', () => {
  const hash = (text: string) =>
    prometheus({}, { 'a.yaml': text }).metadata.annotations[annotationKeys.configHash];
  expect(hash('groups: []\n')).not.toBe(hash('groups: [1]\n'));
});
