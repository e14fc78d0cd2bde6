import { Chart, Duration, Size, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { configFile, findManifest } from '../../test/synthesized.ts';
import { Collector } from '../collector/collector.ts';
import { Loki, type LokiProps } from '../loki/loki.ts';
import { Prometheus } from '../prometheus/prometheus.ts';
import { Tempo } from '../tempo/tempo.ts';

function loki(props: LokiProps) {
  const manifests = synthConstruct((chart) => new Loki(chart, 'loki', props));
  const statefulSet = findManifest(manifests, 'StatefulSet', 'loki');
  const [claim] = statefulSet.spec.volumeClaimTemplates;
  return {
    config: parse(configFile(manifests, 'loki-config', 'loki.yaml')),
    claim: claim.spec,
    ...podTemplateOf(statefulSet),
  };
}

test('a component without props has the defaults of the settings', () => {
  const { config, claim } = loki({});
  expect(config.limits_config.retention_period).toBe('168h');
  expect(claim.resources.requests.storage).toBe('10Gi');
});

test('durations and sizes are objects or texts', () => {
  const typed = loki({ retention: Duration.days(14), storage: Size.gibibytes(20) });
  expect(typed.config.limits_config.retention_period).toBe('336h');
  expect(typed.claim.resources.requests.storage).toBe('20Gi');
  expect(loki({ retention: '14d', storage: '20Gi' })).toEqual(typed);
});

test('options of pods are props too', () => {
  const { spec, claim, container } = loki({
    nodeSelector: { pool: 'data' },
    storageClass: 'fast',
    imagePrefix: 'mirror.example',
  });
  expect(spec.nodeSelector).toEqual({ pool: 'data' });
  expect(claim.storageClassName).toBe('fast');
  expect(container.image).toMatch(/^mirror\.example\/grafana\/loki:/);
});

test.each([
  [
    { retention: Duration.minutes(30) },
    'test/loki: retention: got "30m", wanted whole hours or days',
  ],
  [{ memory: '2Gi' }, 'test/loki: memory: got "2Gi", wanted at most memoryLimit, which is 1Gi'],
  [{ storage: Size.kibibytes(1) }, 'test/loki: storage: got "1Ki", wanted a size in Mi, Gi or Ti'],
  [
    { podLabels: { 'mantis.dev/x': 'a' } },
    'test/loki: podLabels.mantis.dev/x: got "a", wanted a key',
  ],
])('props %j are refused', (props, message) => {
  expect(() => loki(props)).toThrow(message);
});

test('without a URL the rulers write and notify nowhere', () => {
  const { ruler } = loki({}).config;
  expect(ruler).not.toHaveProperty('remote_write');
  expect(ruler).not.toHaveProperty('alertmanager_url');
  const manifests = synthConstruct((chart) => {
    new Prometheus(chart, 'prometheus');
    new Tempo(chart, 'tempo');
  });
  const prometheus = parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml'));
  expect(prometheus).not.toHaveProperty('alerting');
  const { overrides, metrics_generator } = parse(
    configFile(manifests, 'tempo-config', 'tempo.yaml'),
  );
  expect(overrides.defaults.metrics_generator.processors).toEqual([]);
  expect(metrics_generator.storage.remote_write).toEqual([]);
});

test('the Alertmanager may be at a path and behind TLS', () => {
  const manifests = synthConstruct((chart) => {
    new Prometheus(chart, 'prometheus', { alertmanagerUrl: 'https://alerts.example/am' });
  });
  const { alerting } = parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml'));
  expect(alerting.alertmanagers).toEqual([
    {
      scheme: 'https',
      path_prefix: '/am',
      static_configs: [{ targets: ['alerts.example'] }],
    },
  ]);
});

const endpoints = {
  metricsEndpoint: 'http://metrics',
  logsEndpoint: 'http://logs',
  tracesEndpoint: 'traces:4317',
};

test('a chart without a namespace has short addresses, and no ClusterRole', () => {
  const chart = new Chart(Testing.app(), 'test');
  expect(new Loki(chart, 'loki').otlpEndpoint).toBe('http://loki:3100/otlp');
  const collector = new Collector(chart, 'collector', {
    ...endpoints,
    kubernetesMetadata: { enabled: false },
  });
  expect(collector.otlpGrpcEndpoint).toBe('otel-collector:4317');
  expect(() => new Prometheus(chart, 'prometheus')).toThrow(
    'test/prometheus/workload: the chart has no namespace, wanted one for the ClusterRoleBinding',
  );
});
