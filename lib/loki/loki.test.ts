import { parse } from 'yaml';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { configFile, findManifest } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import { Loki } from './loki.ts';
import type { LokiOptions } from './options.ts';

function loki(input: LokiOptions = {}, rules = { 'logs.yaml': 'groups: []\n' }) {
  const manifests = synthConstruct((chart) => {
    new Loki(chart, 'loki', {
      ...input,
      alertmanagerUrl: 'http://alertmanager',
      remoteWriteUrl: 'http://prometheus',
      rules: { files: rules, sources: ['rules.ts'] },
    });
  });
  return {
    config: parse(configFile(manifests, 'loki-config', 'loki.yaml')),
    ...podTemplateOf(findManifest(manifests, 'StatefulSet', 'loki')),
  };
}

const mountPaths = (container: { volumeMounts: { mountPath: string }[] }) =>
  container.volumeMounts.map(({ mountPath }) => mountPath);

test('the data directory in the config is a mounted volume', () => {
  const { config, container } = loki();
  expect(mountPaths(container)).toContain(config.common.path_prefix);
});

test('rules are mounted in the directory of the tenant that Loki uses without authentication', () => {
  const { config, container } = loki();
  expect(config.auth_enabled).toBe(false);
  expect(mountPaths(container)).toContain(`${config.ruler.storage.local.directory}/fake`);
});

test('the probes request the port of the configuration', () => {
  const { config, container } = loki();
  const { port } = container.readinessProbe.httpGet;
  const { containerPort } = container.ports.find(({ name }: { name: string }) => name === port);
  expect(config.server.http_listen_port).toBe(containerPort);
});

test('settings are in the configuration, and extraConfig is merged into it', () => {
  const { config, container } = loki({
    retention: '30d',
    extraConfig: { limits_config: { ingestion_rate_mb: 64 }, querier: { max_concurrent: 2 } },
    extraArgs: ['-log.level=debug'],
  });
  expect(config.limits_config).toMatchObject({ retention_period: '720h', ingestion_rate_mb: 64 });
  expect(config.limits_config.per_stream_rate_limit).toBe('512MB');
  expect(config.querier.max_concurrent).toBe(2);
  expect(container.args.at(-1)).toBe('-log.level=debug');
});

test('changed rules roll the pod', () => {
  const hash = (text: string) =>
    loki({}, { 'logs.yaml': text }).metadata.annotations[annotationKeys.configHash];
  expect(hash('groups: []\n')).not.toBe(hash('groups: [1]\n'));
});
