import { parse } from 'yaml';
import { podOf, synthConstruct } from '../../test/construct.ts';
import { configFile, find, settingsOf } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import type { SettingsInput } from '../schema.ts';
import { Prometheus } from './prometheus.ts';

function prometheus(input: SettingsInput['prometheus'] = {}, rules = { 'a.yaml': 'groups: []\n' }) {
  const platform = settingsOf({ namespace: 'telemetry', prometheus: input });
  const manifests = synthConstruct((chart) => {
    new Prometheus(chart, 'prometheus', {
      platform,
      settings: platform.prometheus,
      alertmanager: 'alertmanager:9093',
      targets: [],
      rules,
    });
  });
  return {
    manifests,
    config: parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml')),
    ...podOf(find(manifests, 'StatefulSet', 'prometheus')),
  };
}

const mountPaths = (container: { volumeMounts: { mountPath: string }[] }) =>
  container.volumeMounts.map(({ mountPath }) => mountPath);

test('configuration, rules and data are where the program is told to look', () => {
  const { config, container } = prometheus();
  const [, file] = container.args[0].split('=');
  expect(mountPaths(container)).toContain(file.replace('/prometheus.yaml', ''));
  expect(mountPaths(container)).toContain(config.rule_files[0].replace('/*.yaml', ''));
  const data = container.args.find((arg: string) => arg.startsWith('--storage.tsdb.path='));
  expect(mountPaths(container)).toContain(data.split('=')[1]);
});

test('metrics are taken by OTLP and by remote write, with their exemplars', () => {
  expect(prometheus().container.args).toEqual(
    expect.arrayContaining([
      '--web.enable-otlp-receiver',
      '--web.enable-remote-write-receiver',
      '--enable-feature=exemplar-storage',
    ]),
  );
});

test('it may read nodes, pods and the metrics of kubelets, and nothing else', () => {
  const { rules } = find(prometheus().manifests, 'ClusterRole', 'telemetry-prometheus');
  const allowed = rules.flatMap(({ resources }: { resources: string[] }) => resources);
  const verbs = rules.flatMap((rule: { verbs: string[] }) => rule.verbs);
  expect(allowed.sort()).toEqual(['nodes', 'nodes/metrics', 'pods']);
  expect(new Set(verbs)).toEqual(new Set(['get', 'list', 'watch']));
});

test('the role is bound to the identity of the pod, in its namespace', () => {
  const { manifests, spec } = prometheus();
  const { subjects, roleRef } = find(manifests, 'ClusterRoleBinding', 'telemetry-prometheus');
  expect(subjects).toEqual([
    { kind: 'ServiceAccount', name: spec.serviceAccountName, namespace: 'telemetry' },
  ]);
  expect(find(manifests, 'ServiceAccount', spec.serviceAccountName)).toBeDefined();
  expect(find(manifests, roleRef.kind, roleRef.name)).toBeDefined();
});

test('settings reach the config, and raw configuration goes on top', () => {
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
