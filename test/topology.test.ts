import { parse } from 'yaml';
import {
  address,
  type Component,
  type Edge,
  edges,
  edgesOf,
  enabledServices,
  endpoints,
  isEndpoint,
  ports,
} from '../lib/model/topology.ts';
import { configFiles, find, type Manifest, settingsOf, synth, workloads } from './synthesized.ts';

const settings = settingsOf();
const manifests = synth();
const components = enabledServices(settings);
const present = edgesOf(settings);

test.each(components)('the Services of %s have exactly the ports of the topology', (component) => {
  const declared = Object.values(ports[component])
    .filter((port) => !('probeOnly' in port))
    .map(({ name, number }) => ({ name, port: number, targetPort: name }));
  for (const { kind, metadata, spec } of manifests) {
    const selects = spec?.selector?.['app.kubernetes.io/name'] === component;
    if (kind !== 'Service' || !selects) continue;
    expect(spec.ports).toEqual(declared);
    expect([component, `${component}-headless`]).toContain(metadata.name);
  }
  expect(find(manifests, 'Service', component).spec.ports.length).toBeGreaterThan(0);
});

/** Who reads a ConfigMap: the workload that mounts it. */
function owner(configMap: string): string {
  const found = workloads(manifests).find((workload) =>
    JSON.stringify(workload.spec.template.spec.volumes).includes(`"${configMap}"`),
  );
  return found?.metadata.name ?? 'nobody';
}

/** Every host:port of the cluster that a text names. */
function addressesIn(text: string) {
  const pattern = /([a-z0-9-]+)\.observability\.svc\.cluster\.local:(\d+)/g;
  return [...text.matchAll(pattern)].map(([, host, port]) => ({ host, port: Number(port) }));
}

const used = [
  ...configFiles(manifests).flatMap(({ configMap, text }) =>
    addressesIn(text).map((to) => ({ from: owner(configMap), ...to })),
  ),
  ...workloads(manifests).flatMap(({ metadata, spec }) =>
    addressesIn(JSON.stringify(spec.template.spec.containers)).map((to) => ({
      from: metadata.name,
      ...to,
    })),
  ),
];

test('configurations do name addresses', () => {
  expect(used.length).toBeGreaterThan(15);
});

test.each(used)('$from may use $host:$port, by a declared edge', ({ from, host, port }) => {
  const service = find(manifests, 'Service', host ?? '');
  expect(service.spec.ports.map((each: { port: number }) => each.port)).toContain(port);
  const declared = present.some(
    (edge) =>
      edge.from === from &&
      isEndpoint(edge.to) &&
      endpoints[edge.to].component === host &&
      endpoints[edge.to].port.number === port,
  );
  expect(declared).toBe(true);
});

const between = present.filter(
  (edge): edge is Edge & { from: Component; to: keyof typeof endpoints } =>
    isEndpoint(edge.to) && (components as string[]).includes(edge.from),
);

test.each(between)('policies let $from reach $to on both sides', ({ from, to }) => {
  const { component, port } = endpoints[to];
  const rule = (peers: object, number: number) =>
    expect.objectContaining({ ...peers, ports: [{ protocol: 'TCP', port: number }] });
  const pod = (name: string) => [
    {
      podSelector: {
        matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'mantis' },
      },
    },
  ];
  const sender: Manifest = find(manifests, 'NetworkPolicy', from);
  const receiver: Manifest = find(manifests, 'NetworkPolicy', component);
  expect(sender.spec.egress).toContainEqual(rule({ to: pod(component) }, port.number));
  expect(receiver.spec.ingress).toContainEqual(rule({ from: pod(from) }, port.number));
});

test.each(components)(
  'the policy of %s allows its edges and DNS, and nothing else',
  (component) => {
    const { spec } = find(manifests, 'NetworkPolicy', component);
    const outgoing = present.filter(({ from }) => from === component);
    const incoming = present.filter(
      ({ to }) => isEndpoint(to) && endpoints[to].component === component,
    );
    expect(spec.egress?.length ?? 0).toBe(outgoing.length + 1);
    expect(spec.ingress?.length ?? 0).toBe(incoming.length);
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  },
);

test('every pod is cut off unless a policy says otherwise', () => {
  const { spec } = find(manifests, 'NetworkPolicy', 'default-deny');
  expect(spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
});

test('no edge is declared twice', () => {
  const pairs = edges.map(({ from, to }) => `${from} → ${to}`);
  expect(new Set(pairs).size).toBe(pairs.length);
});

test('one setting turns the policies off, for the node ports too', () => {
  const open = synth({ networkPolicies: false }, { local: true });
  expect(open.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
});

test('without the test app nothing of it is left', () => {
  const left = synth({ testApp: { enabled: false } }, { local: true });
  // Dashboards have panels about it, for whoever switches it on again.
  const text = JSON.stringify(left.filter(({ metadata }) => !/dashboard/.test(metadata.name)));
  expect(text).not.toMatch(/"shop|"orders|test-app/);
});

test('scraping apps by the collector opens its way to them', () => {
  const scraping = synth({ collector: { scrapeConfigs: [{ job_name: 'mine' }] } });
  const { spec } = find(scraping, 'NetworkPolicy', 'otel-collector');
  expect(spec.egress).toContainEqual({ to: [{ namespaceSelector: {} }] });
});

test('every datasource of Grafana is the address of its store', () => {
  const text = find(manifests, 'ConfigMap', 'grafana-datasources').data['mantis.yaml'];
  const { datasources } = parse(text) as {
    datasources: { uid: keyof typeof endpoints; url: string }[];
  };
  expect(datasources.map(({ uid }) => uid)).toEqual([
    'prometheus',
    'loki',
    'tempo',
    'alertmanager',
  ]);
  for (const { uid, url } of datasources) expect(url).toBe(address(uid, settings));
});
