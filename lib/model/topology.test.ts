import { settingsSchema } from '../schema.ts';
import { address, addressesFor, host } from './addresses.ts';
import { enabledServices } from './parts.ts';
import { type Port, ports, type ServiceName } from './ports.ts';
import { type Endpoint, edges, edgesOf, endpoints, isEndpoint } from './topology.ts';

const location = {
  namespace: 'telemetry',
  clusterDomain: 'example.internal',
  clusterView: { namespace: 'telemetry-cluster' },
  grafana: { url: 'https://example.org/observability' },
};

test('a service has a fully qualified DNS name', () => {
  expect(host('loki', location)).toBe('loki.telemetry.svc.example.internal');
});

test.each([
  ['lokiOtlp', 'http://loki.telemetry.svc.example.internal:3100/otlp'],
  ['prometheus', 'http://prometheus.telemetry.svc.example.internal:9090'],
  ['tempoOtlp', 'tempo.telemetry.svc.example.internal:4317'],
  ['grafana', 'http://grafana.telemetry.svc.example.internal:3000/observability'],
] as const)('the address of %s is %s', (name, expected) => {
  expect(address(name, location)).toBe(expected);
});

test('a service is addressed by its name in its own namespace, and by its full name from another', () => {
  expect(addressesFor('otel-collector', location)('lokiOtlp')).toBe('http://loki:3100/otlp');
  expect(addressesFor('otel-collector', location)('tempoOtlp')).toBe('tempo:4317');
  expect(addressesFor('node-collector', location)('otlpGrpc')).toBe(address('otlpGrpc', location));
});

test.each(Object.entries(endpoints))('endpoint %s is on a port of its service', (_, endpoint) => {
  const { service, port }: Endpoint = endpoint;
  expect(Object.values(ports[service])).toContain(port);
  expect(port.probeOnly).toBeUndefined();
});

test.each(Object.entries(ports))('%s has each port number and name once', (_, own) => {
  const list: Port[] = Object.values(own);
  expect(new Set(list.map(({ number }) => number)).size).toBe(list.length);
  expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
});

test.each(Object.values(ports).flatMap((own): Port[] => Object.values(own)))(
  'the port name $name is valid in Kubernetes',
  ({ name, number }) => {
    expect(name).toMatch(/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/);
    expect(number).toBeGreaterThan(1023);
  },
);

test.each(Object.keys(endpoints))('endpoint %s has an edge, or is opened by people', (name) => {
  const openedByPeople = ['shop'];
  const used = edges.some(({ from, to }) => from !== 'doctor' && to === name);
  expect(used || openedByPeople.includes(name)).toBe(true);
});

test('without the test app its services and all their edges are left out', () => {
  const settings = settingsSchema.parse({ testApp: { enabled: false } });
  expect(enabledServices(settings)).not.toEqual(expect.arrayContaining(['shop']));
  const peers = edgesOf(settings).flatMap(({ from, to }) => [
    from,
    isEndpoint(to) ? endpoints[to].service : to,
  ]);
  expect(peers).not.toContain('shop');
  expect(peers).not.toContain('orders');
  expect(peers).toContain('grafana' satisfies ServiceName);
});

test('without annotated pods Prometheus has no edge to them', () => {
  const edge = expect.objectContaining({ from: 'prometheus', to: 'annotated-pods' });
  const off = settingsSchema.parse({ prometheus: { annotatedPods: { enabled: false } } });
  expect(edgesOf(settingsSchema.parse({}))).toContainEqual(edge);
  expect(edgesOf(off)).not.toContainEqual(edge);
  expect(edgesOf(off)).toContainEqual(
    expect.objectContaining({ from: 'prometheus', to: 'api-server' }),
  );
});

test('without Kubernetes metadata the collector does not connect to the API server', () => {
  const edge = expect.objectContaining({ from: 'otel-collector', to: 'api-server' });
  const collector = { kubernetesMetadata: { enabled: false } };
  expect(edgesOf(settingsSchema.parse({}))).toContainEqual(edge);
  expect(edgesOf(settingsSchema.parse({ collector }))).not.toContainEqual(edge);
});

test('scrapeConfigs of the collector add an edge', () => {
  const edge = expect.objectContaining({ from: 'otel-collector', to: 'annotated-pods' });
  const scrapeConfigs = [{ job_name: 'mine' }];
  expect(edgesOf(settingsSchema.parse({ collector: { scrapeConfigs } }))).toContainEqual(edge);
  expect(edgesOf(settingsSchema.parse({}))).not.toContainEqual(edge);
});
