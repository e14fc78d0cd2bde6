import { synthCollector as collector } from '../../test/collector.ts';
import { findManifest } from '../../test/synthesized.ts';
import { SettingsError } from '../settings/error.ts';

test('the probes request the endpoint of the health_check extension', () => {
  const { config, container } = collector();
  const { port, path } = container.livenessProbe.httpGet;
  const { containerPort } = container.ports.find(({ name }: { name: string }) => name === port);
  expect(config.extensions.health_check.endpoint).toBe(`:${containerPort}`);
  expect(path).toBe('/');
});

test('OTLP is received on the ports of the Service', () => {
  const { config, manifests } = collector();
  const { spec } = findManifest(manifests, 'Service', 'otel-collector');
  const numbers = spec.ports.map(({ port }: { port: number }) => port);
  for (const protocol of ['grpc', 'http']) {
    const [, port] = config.receivers.otlp.protocols[protocol].endpoint.split(':');
    expect(numbers).toContain(Number(port));
  }
});

test('the probe-only port is not in the Service', () => {
  const { spec } = findManifest(collector().manifests, 'Service', 'otel-collector');
  expect(spec.ports.map(({ name }: { name: string }) => name)).not.toContain('health');
});

test('cluster and environment are resource attributes for telemetry without them', () => {
  const { container } = collector({ clusterName: 'blue', environment: 'staging' });
  const { value } = container.env.find(
    ({ name }: { name: string }) => name === 'OTEL_RESOURCE_ATTRIBUTES',
  );
  expect(value).toBe('k8s.cluster.name=blue,deployment.environment.name=staging');
});

test('the queue directory is on the mounted volume', () => {
  const { config, container } = collector();
  const { mountPath } = container.volumeMounts.find(
    ({ name }: { name: string }) => name === 'data',
  );
  expect(config.extensions.file_storage.directory.startsWith(`${mountPath}/`)).toBe(true);
});

test('the termination grace period is longer than one attempt to send', () => {
  expect(collector().spec.terminationGracePeriodSeconds).toBeGreaterThan(30);
});

test('an exporter of extraConfig is added to the configuration and to the pipeline', () => {
  const { config, container } = collector({
    extraArgs: ['--feature-gates=some.gate'],
    extraConfig: {
      exporters: { 'otlp_http/vendor': { endpoint: 'https://vendor.example' } },
      service: { pipelines: { logs: { exporters: ['otlp_http/vendor'] } } },
    },
  });
  expect(config.service.pipelines.logs.exporters).toEqual(['otlp_http/loki', 'otlp_http/vendor']);
  expect(Object.keys(config.exporters)).toHaveLength(4);
  expect(container.args.at(-1)).toBe('--feature-gates=some.gate');
});

test('a pipeline with an undeclared exporter is refused by name', () => {
  const extraConfig = { service: { pipelines: { logs: { exporters: ['otlp_http/vendor'] } } } };
  const make = () => collector({ extraConfig });
  expect(make).toThrow(SettingsError);
  expect(make).toThrow('logs.exporters: otlp_http/vendor');
});

test('tail sampling sets its feature gates, before extraArgs', () => {
  const extraArgs = ['--set=a=b'];
  const args = (sampling: { mode: 'head' | 'tail'; keep: string }) =>
    collector({ kubernetesMetadata: { enabled: false }, sampling, extraArgs }).container.args;
  expect(args({ mode: 'head', keep: '10%' })).toHaveLength(2);
  const [, gates, last] = args({ mode: 'tail', keep: '10%' });
  expect(gates).toMatch(/^--feature-gates=[\w.]+usetracestate,[\w.]+recordpolicy$/);
  expect(last).toBe('--set=a=b');
});

test('damaged queue files are renamed and reported before the collector starts', () => {
  const { config, manifests, spec, container } = collector();
  const [check] = spec.initContainers;
  const [, program, directory, report] = check.args;
  expect(config.extensions.file_storage.directory).toBe(directory);
  expect(config.receivers['file_log/queue_check'].include).toEqual([report]);
  expect(config.service.pipelines.logs.receivers).toContain('file_log/queue_check');
  const { data } = findManifest(manifests, 'ConfigMap', 'otel-collector-queue-check');
  expect(data[program.split('/').at(-1)]).toContain('renameDamaged');
  expect(check.volumeMounts).toEqual(container.volumeMounts);
  expect(check.env).toBeUndefined();
});

test('extra ports are in the pod and in the Service', () => {
  const { manifests, container } = collector({
    extraPorts: [
      { name: 'zipkin', port: 9411 },
      { name: 'syslog', port: 5514, protocol: 'UDP' },
    ],
  });
  const { spec } = findManifest(manifests, 'Service', 'otel-collector');
  expect(spec.ports).toContainEqual({ name: 'zipkin', port: 9411, targetPort: 'zipkin' });
  expect(spec.ports).toContainEqual({
    ...{ name: 'syslog', port: 5514, targetPort: 'syslog' },
    protocol: 'UDP',
  });
  expect(container.ports).toContainEqual({ name: 'syslog', containerPort: 5514, protocol: 'UDP' });
});

test.each([
  ['a port of its own', [{ name: 'mine', port: 4317 }]],
  ['a name of its own', [{ name: 'metrics', port: 9411 }]],
  ['a privileged port', [{ name: 'syslog', port: 514 }]],
  ['a long name', [{ name: 'a-name-that-is-too-long', port: 9411 }]],
  [
    'one port twice',
    [
      { name: 'a', port: 9411 },
      { name: 'b', port: 9411 },
    ],
  ],
])('%s is refused as an extra port', (_what, extraPorts) => {
  expect(() => collector({ extraPorts })).toThrow('collector: extraPorts');
});
