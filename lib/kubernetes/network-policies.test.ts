import { synthConstruct } from '../../test/construct.ts';
import { findManifest, type Manifest, settingsOf } from '../../test/synthesized.ts';
import { selectorLabels } from '../model/labels.ts';
import { enabledServices } from '../model/parts.ts';
import { ports, type ServiceName } from '../model/ports.ts';
import { edgesOf, endpoints, isEndpoint } from '../model/topology.ts';
import type { SettingsInput } from '../schema.ts';
import { NetworkPolicies } from './network-policies.ts';

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
}

function policies(input: SettingsInput = {}) {
  const settings = settingsOf(input);
  const manifests = synthConstruct((chart) => {
    new NetworkPolicies(chart, 'policies', settings);
  });
  const rules = (service: ServiceName, direction: 'ingress' | 'egress'): readonly Rule[] =>
    findManifest(manifests, 'NetworkPolicy', service).spec[direction] ?? [];
  return { settings, manifests, rules };
}

/** Whether these rules allow the pods of a service in the stack's namespace. */
function allows(rules: readonly Rule[], side: 'from' | 'to', peer: ServiceName, port: number) {
  const labels: Record<string, string> = selectorLabels(peer);
  return rules.some((rule) => {
    const portFits = rule.ports === undefined || rule.ports.some((each) => each.port === port);
    const peers = rule[side];
    const peerFits = peers === undefined || peers.some((each) => isPod(each, labels));
    return portFits && peerFits;
  });
}

/**
 * Whether a peer selects a pod with these labels; no namespaceSelector with labels selects the
 * stack's namespace.
 */
function isPod({ podSelector, namespaceSelector }: Peer, labels: Record<string, string>): boolean {
  if (podSelector === undefined && namespaceSelector === undefined) return false;
  if (Object.keys(namespaceSelector?.matchLabels ?? {}).length > 0) return false;
  const wanted = Object.entries(podSelector?.matchLabels ?? {});
  return wanted.every(([key, value]) => labels[key] === value);
}

const { settings, rules } = policies();
const services = enabledServices(settings);
const edges = edgesOf(settings);
const pairs = services.flatMap((from) =>
  services
    .filter((to) => to !== from)
    .flatMap((to) => Object.values(ports[to]).map(({ number: port }) => ({ from, to, port }))),
);

/** Whether the topology declares an edge from `from` to this port. */
function declared(from: string, to: ServiceName, port: number): boolean {
  return edges.some(
    (edge) =>
      edge.from === from &&
      isEndpoint(edge.to) &&
      endpoints[edge.to].service === to &&
      endpoints[edge.to].port.number === port,
  );
}

test.each(pairs)('$from may connect to $to:$port only by an edge', ({ from, to, port }) => {
  const anywhere = edges.some((edge) => edge.from === from && edge.to === 'annotated-pods');
  expect(allows(rules(from, 'egress'), 'to', to, port)).toBe(declared(from, to, port) || anywhere);
});

test.each(pairs)(
  '$to:$port accepts connections from $from only by an edge',
  ({ from, to, port }) => {
    const expected = declared(from, to, port) || declared('applications', to, port);
    expect(allows(rules(to, 'ingress'), 'from', from, port)).toBe(expected);
  },
);

test.each(services)('%s may query DNS', (service) => {
  const [dns] = rules(service, 'egress');
  expect(dns?.ports).toEqual([
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ]);
});

test.each(services)('%s may connect to arbitrary addresses only on fixed ports', (service) => {
  const open = rules(service, 'egress').filter(({ to }) => to === undefined);
  const numbers = open.flatMap((rule) => rule.ports?.map(({ port }) => `${port}`) ?? ['any']);
  const expected: Record<string, string[]> = {
    prometheus: ['10250', '443', '6443'],
    'otel-collector': ['443', '6443'],
  };
  expect(numbers).toEqual(expected[service] ?? []);
});

test('nodeCidrs and apiServerAddresses restrict where Prometheus may connect to', () => {
  const { rules: narrowed } = policies({
    apiServerAddresses: [
      { cidr: '10.0.0.5/32', port: 6443 },
      { cidr: '10.96.0.1/32', port: 443 },
    ],
    nodeCidrs: ['10.0.0.0/24'],
  });
  const outside = narrowed('prometheus', 'egress')
    .filter(({ to }) => to === undefined || to.some(({ ipBlock }) => ipBlock !== undefined))
    .slice(1);
  expect(outside).toEqual(
    [
      ['10.0.0.0/24', 10250],
      ['10.0.0.5/32', 6443],
      ['10.96.0.1/32', 443],
    ].map(([cidr, port]) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] })),
  );
});

test('grafana.allowedClients allows connections from the selected namespaces and addresses only', () => {
  const prometheus = rules('grafana', 'ingress');
  const open = policies({
    grafana: {
      allowedClients: {
        namespaces: ['ingress-nginx'],
        labels: { team: 'web' },
        cidrs: ['10.0.0.0/16', '2001:db8::/32'],
      },
    },
  }).rules('grafana', 'ingress');
  expect(open.filter((rule) => !prometheus.some((each) => same(each, rule)))).toEqual([
    {
      from: [
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } },
        { namespaceSelector: { matchLabels: { team: 'web' } } },
        { ipBlock: { cidr: '10.0.0.0/16' } },
        { ipBlock: { cidr: '2001:db8::/32' } },
      ],
      ports: [{ protocol: 'TCP', port: 3000 }],
    },
  ]);
});

test('collector.externalAccess opens its ports, and only those, to allowedSources', () => {
  const tls = { secret: 'otlp-tls' };
  const closed = rules('otel-collector', 'ingress');
  const opened = (collector: NonNullable<SettingsInput['collector']>['externalAccess']) =>
    policies({ collector: { externalAccess: collector } })
      .rules('otel-collector', 'ingress')
      .filter((rule) => !closed.some((each) => same(each, rule)));
  const from = [{ ipBlock: { cidr: '203.0.113.0/24' } }];
  const allowedSources = { cidrs: ['203.0.113.0/24'] };
  const port = (number: number) => [{ protocol: 'TCP', port: number }];
  expect(opened({ tls, bearerTokens: { secret: 'tokens' }, allowedSources })).toEqual([
    { from, ports: port(4327) },
    { from, ports: port(4328) },
  ]);
  const browsers = { allowedOrigins: ['https://shop.example.com'] };
  expect(opened({ tls, browsers, allowedSources })).toEqual([{ from, ports: port(4329) }]);
  expect(opened({ tls, browsers })[0]?.from).toEqual([
    { namespaceSelector: {} },
    { ipBlock: { cidr: '0.0.0.0/0' } },
    { ipBlock: { cidr: '::/0' } },
  ]);
});

test.each([
  ['otel-collector', 'collector'],
  ['alertmanager', 'alertmanager'],
  ['grafana', 'grafana'],
] as const)(
  '%s may connect to the destinations in %s.egress, and no other service may',
  (leaving, setting) => {
    const open = policies({
      [setting]: { egress: [{ cidr: '203.0.113.0/24', port: 443 }, { port: 4317 }] },
    } as SettingsInput);
    const extra = (service: ServiceName) =>
      open
        .rules(service, 'egress')
        .filter((rule) => !rules(service, 'egress').some((each) => same(each, rule)));
    expect(extra(leaving)).toEqual([
      { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ protocol: 'TCP', port: 443 }] },
      {
        to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }],
        ports: [{ protocol: 'TCP', port: 4317 }],
      },
    ]);
    for (const service of services.filter((each) => each !== leaving)) {
      expect(extra(service)).toEqual([]);
    }
  },
);

const same = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);

test('a service that is not deployed has no policy', () => {
  const { manifests } = policies({ testApp: { enabled: false } });
  const names = manifests.map(({ metadata }: Manifest) => metadata.name);
  expect(names).toContain('loki');
  expect(names).not.toContain('shop');
});

test.each([
  ['all', [{ namespaceSelector: {} }]],
  [
    { namespaces: ['shop', 'billing'] },
    ['shop', 'billing'].map((name) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    })),
  ],
  [{ labels: { telemetry: 'on' } }, [{ namespaceSelector: { matchLabels: { telemetry: 'on' } } }]],
  // Pods are not allowed by an object that does not list them.
  [{ cidrs: ['10.0.0.0/16'] }, [{ ipBlock: { cidr: '10.0.0.0/16' } }]],
  [
    { namespaces: 'all', cidrs: ['fd00:1::/64'] },
    [{ namespaceSelector: {} }, { ipBlock: { cidr: 'fd00:1::/64' } }],
  ],
] as const)(
  'with allowedSenders %j the collector accepts telemetry from these namespaces and addresses',
  (senders, peers) => {
    const { rules } = policies({ collector: { allowedSenders: senders as 'all' } });
    const [first] = rules('otel-collector', 'ingress');
    expect(first?.from).toEqual(peers);
    // The services of the stack have an edge each.
    expect(allows(rules('otel-collector', 'ingress'), 'from', 'shop', 4318)).toBe(true);
  },
);

test.each([
  [{ enabled: true }, [{ namespaceSelector: {} }]],
  [
    { namespaces: ['shop', 'billing'] },
    ['shop', 'billing'].map((name) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    })),
  ],
  [{ enabled: false }, undefined],
])('with annotatedPods %j Prometheus may connect to pods of these namespaces', (input, peers) => {
  const { rules } = policies({ prometheus: { annotatedPods: input } });
  const toPods = rules('prometheus', 'egress').filter(
    (rule) => rule.ports === undefined && rule.to !== undefined,
  );
  expect(toPods.map(({ to }) => to)).toEqual(peers === undefined ? [] : [peers]);
});

test('extra ports of the collector are open to those that may send', () => {
  const { rules: extended } = policies({
    collector: {
      allowedSenders: { namespaces: ['shops'] },
      extraPorts: [{ name: 'syslog', port: 5514, protocol: 'UDP' }],
    },
  });
  expect(extended('otel-collector', 'ingress')).toContainEqual({
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shops' } } }],
    ports: [{ port: 5514, protocol: 'UDP' }],
  });
});

test.each(['prometheus', 'loki', 'tempo'] as const)('%s may connect to its egress', (store) => {
  const to = [{ ipBlock: { cidr: '203.0.113.0/24' } }];
  const { rules: extended } = policies({
    [store]: { egress: [{ cidr: '203.0.113.0/24', port: 443 }] },
  });
  expect(extended(store, 'egress')).toContainEqual({ to, ports: [{ protocol: 'TCP', port: 443 }] });
});
