import type { parse } from 'yaml';
import { synthCollector } from '../../test/collector.ts';
import { signals } from '../telemetry/signal.ts';
import type { CollectorProps } from './collector.ts';
import { sameLabel } from './external-access.ts';

type Access = NonNullable<CollectorProps['externalAccess']>;

const tokens: Access = { tls: { secret: 'otlp-tls' }, bearerTokens: { secret: 'otlp-tokens' } };
const browsers = { allowedOrigins: ['https://shop.example.com'] };

function collector(externalAccess?: Access, more: Partial<CollectorProps> = {}) {
  const synthesized = synthCollector({ ...more, externalAccess });
  return {
    ...synthesized,
    externalService: synthesized.manifests.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'otel-collector-external',
    )?.spec,
  };
}

test('without the setting nothing of it is in the output', () => {
  const { config, container, externalService } = collector();
  expect(Object.keys(config.receivers)).toEqual(['otlp', 'file_log/queue_check']);
  expect(container.ports.map(({ name }: { name: string }) => name)).not.toContain('external-http');
  expect(externalService).toBeUndefined();
});

test.each(['grpc', 'http'])('%s has TLS and a credential, and its port is open', (protocol) => {
  const { config, container, externalService } = collector(tokens);
  const { endpoint, tls, auth } = config.receivers['otlp/external'].protocols[protocol];
  const port = container.ports.find(
    ({ containerPort }: { containerPort: number }) => `:${containerPort}` === endpoint,
  );
  const { port: servicePort } = externalService.ports.find(
    ({ targetPort }: { targetPort: string }) => targetPort === port.name,
  );
  expect(servicePort).toBe(protocol === 'grpc' ? 4317 : 4318);
  expect(config.service.extensions).toContain(auth.authenticator);
  expect(config.extensions[auth.authenticator].filename).toBe('/etc/secrets/otlp-tokens/tokens');
  expect(tls).toEqual({
    cert_file: '/etc/secrets/otlp-tls/tls.crt',
    key_file: '/etc/secrets/otlp-tls/tls.key',
    reload_interval: '10s',
  });
  for (const file of [tls.cert_file, config.extensions[auth.authenticator].filename]) {
    expect(
      container.volumeMounts.some(({ mountPath }: { mountPath: string }) =>
        file.startsWith(`${mountPath}/`),
      ),
    ).toBe(true);
  }
});

test.each(signals)(
  '%s get their sender before anything else, and share all pipelines',
  (signal) => {
    const { config } = collector({ ...tokens, browsers });
    const { pipelines } = config.service;
    for (const name of ['external', 'browsers']) {
      expect(pipelines[`${signal}/${name}`]).toEqual({
        receivers: [`otlp/${name}`],
        processors: ['memory_limiter', `transform/${name}`],
        exporters: ['forward/external'],
      });
    }
    expect(pipelines[signal].receivers).toContain('forward/external');
  },
);

/** The statements of a processor for one signal. */
const statements = (config: ReturnType<typeof parse>, name: string, key: string): string[] =>
  config.processors[name][key].flatMap((group: { statements: string[] }) => group.statements);

test.each([
  ['bearer tokens', tokens, 'ExtractPatterns(otelcol.client.metadata["authorization"][0], '],
  [
    'basic auth',
    { tls: tokens.tls, basicAuth: { secret: 'users' } },
    'otelcol.client.auth.attributes["username"])',
  ],
  [
    'client certificates',
    { tls: { ...tokens.tls, clientCaSecret: 'clients' }, sender: 'vm' },
    '"vm")',
  ],
] as const)('with %s the sender is what was authenticated', (_, access, expression) => {
  const { config } = collector(access);
  expect(statements(config, 'transform/external', 'trace_statements')).toContainEqual(
    expect.stringContaining(`set(resource.attributes["k8s.cluster.name"], ${expression}`),
  );
  expect(config.processors['transform/external'].error_mode).toBe('propagate');
});

test('client certificates are required where there is a CA, and read again', () => {
  const { config } = collector({ ...tokens, tls: { ...tokens.tls, clientCaSecret: 'clients' } });
  for (const protocol of ['grpc', 'http']) {
    expect(config.receivers['otlp/external'].protocols[protocol].tls).toMatchObject({
      client_ca_file: '/etc/secrets/clients/ca.crt',
      client_ca_file_reload: true,
    });
  }
});

test('another attribute than the cluster is a label of metrics too', () => {
  const set = 'set(datapoint.attributes["tenant"], resource.attributes["tenant"])';
  const of = (access: Access) =>
    statements(collector(access).config, 'transform/external', 'metric_statements');
  expect(of({ ...tokens, senderAttribute: 'tenant' })).toContain(set);
  expect(of(tokens).join()).not.toContain('set(datapoint');
});

test('a resource that is shortened because it is large keeps its sender', () => {
  const { config } = collector({ ...tokens, senderAttribute: 'tenant' });
  expect(statements(config, 'transform/sanitize', 'log_statements')).toContainEqual(
    expect.stringMatching(/^limit\(resource\.attributes, 32, \[.*"tenant"\]\)$/),
  );
});

test('what names no cluster gets the name of its sender, not of this cluster', () => {
  const of = (access: Access) =>
    statements(collector(access).config, 'transform/external', 'log_statements');
  const cluster = 'resource.attributes["k8s.cluster.name"]';
  const set = `set(${cluster}, resource.attributes["tenant"]) where ${cluster} == nil`;
  expect(of({ ...tokens, senderAttribute: 'tenant' })).toContain(set);
  expect(of(tokens).join()).not.toContain('== nil');
});

test('what is sent from outside gets no names of pods', () => {
  const mark = 'set(resource.attributes["mantis.other_cluster"], "true")';
  const of = (enabled: boolean) =>
    statements(
      collector(tokens, { kubernetesMetadata: { enabled } }).config,
      'transform/external',
      'log_statements',
    );
  expect(of(true)).toContain(mark);
  expect(of(false)).not.toContain(mark);
});

test.each([
  ['k8s.cluster.name', true],
  ['k8s_cluster_name', true],
  ['k8s-cluster..name', true],
  // Maps, which Loki flattens.
  ['k8s', true],
  ['k8s.cluster', true],
  ['k8s.', true],
  ['k8s_', true],
  ['k8s.cluster.', true],
  ['k8s_cluster__', true],
  ['k8s.cluster.name.', false],
  ['k8sx', false],
  ['k8s.cluster.names', false],
  ['k8s.namespace.name', false],
  ['my.k8s.cluster.name', false],
])('the attribute %s counts as k8s.cluster.name: %s', (name, expected) => {
  expect(new RegExp(sameLabel('k8s.cluster.name')).test(name)).toBe(expected);
});

test.each(['tenant', 'tenant.', 'tenant_', 'tenant_id'])('%s is or leads to tenant.id', (name) => {
  expect(new RegExp(sameLabel('tenant.id')).test(name)).toBe(true);
});

test('browsers send over HTTPS from listed origins only, with requests of their own size', () => {
  const { config, externalService } = collector({ tls: tokens.tls, browsers });
  expect(Object.keys(config.receivers)).not.toContain('otlp/external');
  expect(config.receivers['otlp/browsers'].protocols).toEqual({
    http: {
      endpoint: ':4329',
      max_request_body_size: 1024 * 1024,
      tls: expect.objectContaining({ cert_file: '/etc/secrets/otlp-tls/tls.crt' }),
      cors: {
        allowed_origins: browsers.allowedOrigins,
        allowed_headers: ['content-type', 'content-encoding'],
        max_age: 7200,
      },
    },
  });
  expect(externalService.ports).toEqual([
    { name: 'browser-http', port: 4319, targetPort: 'browser-http' },
  ]);
});

test('the Service and the Ingresses are as the settings say', () => {
  const { manifests, externalService } = collector({
    ...tokens,
    service: {
      type: 'LoadBalancer',
      annotations: { 'example.com/scheme': 'internet-facing' },
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      externalTrafficPolicy: 'Local',
      nodePorts: { http: 30318 },
    },
    ingress: {
      className: 'nginx',
      tlsSecret: 'otlp-ingress-tls',
      grpc: {
        host: 'grpc.example.com',
        annotations: { 'nginx.ingress.kubernetes.io/backend-protocol': 'GRPCS' },
      },
    },
  });
  expect(externalService).toMatchObject({
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    loadBalancerSourceRanges: ['203.0.113.0/24'],
    ports: [{ port: 4317 }, { port: 4318, nodePort: 30318 }],
  });
  const ingresses = manifests.filter(({ kind }) => kind === 'Ingress');
  expect(ingresses.map(({ metadata }) => metadata.name)).toEqual(['otel-collector-external-grpc']);
  expect(ingresses[0]?.spec).toEqual({
    ingressClassName: 'nginx',
    tls: [{ hosts: ['grpc.example.com'], secretName: 'otlp-ingress-tls' }],
    rules: [
      {
        host: 'grpc.example.com',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: {
                service: { name: 'otel-collector-external', port: { name: 'external-grpc' } },
              },
            },
          ],
        },
      },
    ],
  });
});

test('no credential is in the output', () => {
  const { manifests } = collector({ ...tokens, browsers });
  expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
});
