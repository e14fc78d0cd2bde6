import { parse } from 'yaml';
import { addressesFor } from '../lib/model/addresses.ts';
import { enabledServices } from '../lib/model/parts.ts';
import { ports } from '../lib/model/ports.ts';
import { edges, edgesOf, endpoints, isEndpoint } from '../lib/model/topology.ts';
import { configFiles, findManifest, settingsOf, synth, workloads } from './synthesized.ts';

const settings = settingsOf();
const manifests = synth();
const components = enabledServices(settings);
const enabledEdges = edgesOf(settings);

test.each(components)('the Services of %s have exactly the ports of the topology', (component) => {
  const declared = Object.values(ports[component])
    .filter((port) => !('probeOnly' in port || 'opensWith' in port))
    .map(({ name, number }) => ({ name, port: number, targetPort: name }));
  for (const { kind, metadata, spec } of manifests) {
    const selects = spec?.selector?.['app.kubernetes.io/name'] === component;
    if (kind !== 'Service' || !selects) continue;
    expect(spec.ports).toEqual(declared);
    expect([component, `${component}-headless`]).toContain(metadata.name);
  }
  expect(findManifest(manifests, 'Service', component).spec.ports.length).toBeGreaterThan(0);
});

/** The name of the workload that mounts a ConfigMap. */
function mountingWorkload(configMap: string): string {
  const found = workloads(manifests).find((workload) =>
    JSON.stringify(workload.spec.template.spec.volumes).includes(`"${configMap}"`),
  );
  return found?.metadata.name ?? 'none';
}

const serviceNames = manifests
  .filter(({ kind }) => kind === 'Service')
  .map(({ metadata }) => metadata.name);

/** Every name:port of a Service in a text. */
function findAddresses(text: string) {
  const pattern = new RegExp(`(?<![\\w.-])(${serviceNames.join('|')}):(\\d{4,})`, 'g');
  return [...text.matchAll(pattern)].map(([, host, port]) => ({ host, port: Number(port) }));
}

const usedAddresses = [
  ...configFiles(manifests).flatMap(({ configMap, text }) =>
    findAddresses(text).map((to) => ({ from: mountingWorkload(configMap), ...to })),
  ),
  ...workloads(manifests).flatMap(({ metadata, spec }) =>
    findAddresses(JSON.stringify(spec.template.spec.containers)).map((to) => ({
      from: metadata.name,
      ...to,
    })),
  ),
];

test('configurations have addresses', () => {
  expect(usedAddresses.length).toBeGreaterThan(15);
});

test.each(usedAddresses)(
  'the topology has an edge from $from to $host:$port',
  ({ from, host, port }) => {
    const service = findManifest(manifests, 'Service', host ?? '');
    expect(service.spec.ports.map((each: { port: number }) => each.port)).toContain(port);
    const declared = enabledEdges.some(
      (edge) =>
        edge.from === from &&
        isEndpoint(edge.to) &&
        endpoints[edge.to].service === host &&
        endpoints[edge.to].port.number === port,
    );
    expect(declared).toBe(true);
  },
);

test('the default policy denies all traffic', () => {
  const { spec } = findManifest(manifests, 'NetworkPolicy', 'default-deny');
  expect(spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
});

test('no edge is declared twice', () => {
  const pairs = edges.map(({ from, to }) => `${from} → ${to}`);
  expect(new Set(pairs).size).toBe(pairs.length);
});

test('networkPolicies: false removes all policies', () => {
  const open = synth({ networkPolicies: false }, { local: true });
  expect(open.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
});

test('testApp.enabled: false removes all of its objects', () => {
  const left = synth({ testApp: { enabled: false } }, { local: true });
  // Dashboards keep their panels for it.
  const text = JSON.stringify(left.filter(({ metadata }) => !/dashboard/.test(metadata.name)));
  expect(text).not.toMatch(/"shop|"orders|test-app/);
});

test('scrapeConfigs allow the egress of the collector', () => {
  const scraping = synth({ collector: { scrapeConfigs: [{ job_name: 'mine' }] } });
  const { spec } = findManifest(scraping, 'NetworkPolicy', 'otel-collector');
  expect(spec.egress).toContainEqual({ to: [{ namespaceSelector: {} }] });
});

test('every datasource of Grafana has the URL of its store', () => {
  const text = findManifest(manifests, 'ConfigMap', 'grafana-datasources').data['mantis.yaml'];
  const { datasources } = parse(text) as {
    datasources: { uid: Parameters<ReturnType<typeof addressesFor<'grafana'>>>[0]; url: string }[];
  };
  expect(datasources.map(({ uid }) => uid)).toEqual([
    'prometheus',
    'loki',
    'tempo',
    'alertmanager',
  ]);
  for (const { uid, url } of datasources) expect(url).toBe(addressesFor('grafana', settings)(uid));
});
