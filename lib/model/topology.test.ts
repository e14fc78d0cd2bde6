import { settingsSchema } from '../schema.ts';
import {
  address,
  addressesFor,
  type Component,
  type Endpoint,
  edges,
  edgesOf,
  enabledServices,
  endpoints,
  host,
  isEndpoint,
  type Port,
  ports,
} from './topology.ts';

const place = {
  namespace: 'telemetry',
  clusterDomain: 'example.internal',
  clusterView: { namespace: 'telemetry-cluster' },
};

test('a component is found under one name from any namespace', () => {
  expect(host('loki', place)).toBe('loki.telemetry.svc.example.internal');
});

test.each([
  ['lokiOtlp', 'http://loki.telemetry.svc.example.internal:3100/otlp'],
  ['prometheus', 'http://prometheus.telemetry.svc.example.internal:9090'],
  ['tempoOtlp', 'tempo.telemetry.svc.example.internal:4317'],
] as const)('the address of %s is %s', (name, expected) => {
  expect(address(name, place)).toBe(expected);
});

test('a component is given the addresses that its edges lead to', () => {
  expect(addressesFor('otel-collector', place)('lokiOtlp')).toBe(address('lokiOtlp', place));
});

test.each(Object.entries(endpoints))('endpoint %s is at a port of its component', (_, endpoint) => {
  const { component, port }: Endpoint = endpoint;
  expect(Object.values(ports[component])).toContain(port);
  expect(port.probeOnly).toBeUndefined();
});

test.each(Object.entries(ports))('%s has each port number and name once', (_, own) => {
  const list: Port[] = Object.values(own);
  expect(new Set(list.map(({ number }) => number)).size).toBe(list.length);
  expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
});

test.each(Object.values(ports).flatMap((own): Port[] => Object.values(own)))(
  'the port name $name is one that Kubernetes takes',
  ({ name, number }) => {
    expect(name).toMatch(/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/);
    expect(number).toBeGreaterThan(1023);
  },
);

test.each(Object.keys(endpoints))('somebody uses endpoint %s, or a person does', (name) => {
  const byPeople = ['shop'];
  const used: boolean = edges.some(({ to }) => to === name);
  expect(used || byPeople.includes(name)).toBe(true);
});

test('without the test app its components and all their edges are gone', () => {
  const settings = settingsSchema.parse({ testApp: { enabled: false } });
  expect(enabledServices(settings)).not.toEqual(expect.arrayContaining(['shop']));
  const parties = edgesOf(settings).flatMap(({ from, to }) => [
    from,
    isEndpoint(to) ? endpoints[to].component : to,
  ]);
  expect(parties).not.toContain('shop');
  expect(parties).not.toContain('orders');
  expect(parties).toContain('grafana' satisfies Component);
});

test('scraping by the collector is an edge where it is asked for', () => {
  const edge = expect.objectContaining({ from: 'otel-collector', to: 'annotated-pods' });
  const scrapeConfigs = [{ job_name: 'mine' }];
  expect(edgesOf(settingsSchema.parse({ collector: { scrapeConfigs } }))).toContainEqual(edge);
  expect(edgesOf(settingsSchema.parse({}))).not.toContainEqual(edge);
});
