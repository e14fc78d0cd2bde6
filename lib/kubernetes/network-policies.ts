import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { destinationsOf, externalStoreOf, replaceableServices } from '../model/external-store.ts';
import {
  backupLabels,
  commonLabels,
  doctorLabels,
  loadGeneratorLabels,
  selectorLabels,
} from '../model/labels.ts';
import { isService, namespaceOf, servicesIn } from '../model/parts.ts';
import type { AnyServiceName } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import {
  type Edge,
  type Endpoint,
  type ExternalPeer,
  edgesOf,
  endpointOf,
  endpoints,
  isEndpoint,
  topologySource,
} from '../model/topology.ts';
import type {
  AllowedPeers,
  Destination,
  DnsLocation,
  ExternalDestination,
  ExternalStore,
  TopologySettings,
} from '../model/topology-settings.ts';
import { proxyDestination } from './egress-proxy.ts';

const ownSource = sourceFile(import.meta.filename);

const namespaceLabels = (name: string) => ({ 'kubernetes.io/metadata.name': name });

/** All pods of namespaces. */
function namespacePeers(namespaces: 'all' | readonly string[]): k8s.NetworkPolicyPeer[] {
  if (namespaces === 'all') return [{ namespaceSelector: {} }];
  return namespaces.map((name) => ({ namespaceSelector: { matchLabels: namespaceLabels(name) } }));
}

const addressPeer = (cidr: string): k8s.NetworkPolicyPeer => ({ ipBlock: { cidr } });

/** A peer without addresses would be every pod of the cluster too. */
const addressPeers = ({ cidr }: Pick<Destination, 'cidr'>): k8s.NetworkPolicyPeer[] =>
  (cidr === undefined ? ['0.0.0.0/0', '::/0'] : [cidr]).map(addressPeer);

const destinationPeers = ({ namespace, ...address }: ExternalDestination) =>
  namespace === undefined ? addressPeers(address) : namespacePeers([namespace]);

/** The pods and addresses that a setting allows. */
function allowedPeers(allowed: 'all' | AllowedPeers): k8s.NetworkPolicyPeer[] {
  if (allowed === 'all') return namespacePeers('all');
  const { namespaces, labels, cidrs } = allowed;
  return [
    ...namespacePeers(namespaces),
    ...(labels === undefined ? [] : [{ namespaceSelector: { matchLabels: labels } }]),
    ...cidrs.map(addressPeer),
  ];
}

/** With some network plugins, such as Cilium, the block of all addresses has no pod in it. */
const externalPeersOf = (allowed: 'all' | AllowedPeers): k8s.NetworkPolicyPeer[] =>
  allowed === 'all' ? [...namespacePeers('all'), ...addressPeers({})] : allowedPeers(allowed);

export const tcpPort = (number: number): k8s.NetworkPolicyPort => ({
  protocol: 'TCP',
  port: k8s.IntOrString.fromNumber(number),
});

export const podPeer = (service: AnyServiceName): k8s.NetworkPolicyPeer => ({
  podSelector: { matchLabels: selectorLabels(service) },
});

/** The pods of a service, as a policy in the namespace `from` selects them. */
function servicePeer(
  service: AnyServiceName,
  from: string,
  settings: TopologySettings,
): k8s.NetworkPolicyPeer {
  const namespace = namespaceOf(service, settings);
  if (namespace === from) return podPeer(service);
  return { namespaceSelector: { matchLabels: namespaceLabels(namespace) }, ...podPeer(service) };
}

/** Pods or addresses, and the ports of them; undefined for all. */
interface PeerRule {
  readonly peers?: k8s.NetworkPolicyPeer[];
  readonly ports?: k8s.NetworkPolicyPort[];
}

const podsWith = (matchLabels: Record<string, string>) => [{ podSelector: { matchLabels } }];

/** No label selects nodes, so without addresses in the settings only ports restrict these peers. */
const atAddresses = (addresses: readonly Destination[], ports: readonly number[]): PeerRule[] =>
  addresses.length === 0
    ? [{ ports: ports.map(tcpPort) }]
    : addresses.map((each) => ({ peers: addressPeers(each), ports: [tcpPort(each.port)] }));

const writersOf = (store: ExternalStore | undefined): PeerRule[] =>
  store?.allowedWriters === undefined ? [] : [{ peers: allowedPeers(store.allowedWriters) }];

const kubeletPort = 10250;

/** The pods and addresses of each external peer; of some, only those that `from` may connect to. */
const externalPeers: Record<
  ExternalPeer,
  (settings: TopologySettings, from: Edge['from']) => PeerRule[]
> = {
  applications: ({ collector }) => [{ peers: allowedPeers(collector.allowedSenders) }],
  'external-senders': ({ collector: { externalAccess } }) => [
    { peers: externalPeersOf(externalAccess?.allowedSources ?? 'all') },
  ],
  'grafana-clients': ({ grafana }) => [{ peers: allowedPeers(grafana.allowedClients ?? 'all') }],
  'annotated-pods': ({ prometheus }, from) => [
    { peers: namespacePeers(from === 'prometheus' ? prometheus.annotatedPods.namespaces : 'all') },
  ],
  'load-generators': () => [{ peers: podsWith(loadGeneratorLabels) }],
  'external-loki': ({ loki }) => writersOf(loki.external),
  'external-tempo': ({ tempo }) => writersOf(tempo.external),
  doctor: () => [{ peers: podsWith(doctorLabels) }],
  backup: () => [{ peers: podsWith(backupLabels) }],
  kubelets: ({ nodeCidrs }) =>
    atAddresses(
      nodeCidrs.map((cidr) => ({ cidr, port: kubeletPort })),
      [kubeletPort],
    ),
  'api-server': ({ apiServerAddresses }) => atAddresses(apiServerAddresses, [443, 6443]),
};

/** Egress that every pod needs: the cluster's DNS, or a DNS cache on its node. */
export function dnsEgress({ pods, cidrs, ports }: DnsLocation): k8s.NetworkPolicyEgressRule {
  return {
    to: [
      ...pods.map(({ namespace, labels }) => ({
        namespaceSelector: { matchLabels: namespaceLabels(namespace) },
        podSelector: { matchLabels: labels },
      })),
      ...cidrs.map(addressPeer),
    ],
    ports: ports.flatMap((number) => [{ ...tcpPort(number), protocol: 'UDP' }, tcpPort(number)]),
  };
}

/**
 * Denies all traffic of a namespace, then allows the edges of the topology with one policy for each
 * service.
 */
export class NetworkPolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    settings: TopologySettings,
    namespace = settings.namespace,
  ) {
    super(scope, id);
    declareSource(this, ownSource);
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: commonLabels },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    const all = edgesOf(settings);
    for (const service of servicesIn(namespace, settings)) {
      const incoming = all.filter(({ to }) => endpointOf(to)?.service === service);
      const outgoing = all.filter((edge) => edge.from === service);
      const extra = extraEgress(service, settings);
      const policy = new k8s.KubeNetworkPolicy(this, service, {
        metadata: { name: service, labels: { ...selectorLabels(service), ...commonLabels } },
        spec: {
          podSelector: { matchLabels: selectorLabels(service) },
          policyTypes: ['Ingress', 'Egress'],
          ingress: [
            ...incoming.map((edge) => ingressRule(edge, namespace, settings)),
            ...extraIngress(service, settings),
          ],
          egress: [
            dnsEgress(settings.dns),
            ...outgoing.flatMap((edge) => egressRules(edge, namespace, settings)),
            ...extra.map(destinationRule),
          ],
        },
      });
      declareSource(policy, topologySource, ownSource);
    }
    if (namespace === settings.namespace) this.backup(all, settings);
  }

  /** The policy of the pods of scheduled backups, which have no Service. */
  private backup(all: readonly Edge[], settings: TopologySettings): void {
    const outgoing = all.filter(({ from }) => from === 'backup');
    if (outgoing.length === 0) return;
    const policy = new k8s.KubeNetworkPolicy(this, 'backup', {
      metadata: { name: 'backup', labels: { ...backupLabels, ...commonLabels } },
      spec: {
        podSelector: { matchLabels: backupLabels },
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          dnsEgress(settings.dns),
          ...outgoing.flatMap((edge) => egressRules(edge, settings.namespace, settings)),
          ...[...settings.backup.egress, ...proxyOf(settings)].map(destinationRule),
        ],
      },
    });
    declareSource(policy, topologySource, ownSource);
  }
}

const destinationRule = (destination: ExternalDestination): k8s.NetworkPolicyEgressRule => ({
  to: destinationPeers(destination),
  ports: [tcpPort(destination.port)],
});

/** Who may connect to the ports of receivers in collector.extraConfig: who may send OTLP too. */
function extraIngress(
  service: AnyServiceName,
  { collector }: TopologySettings,
): k8s.NetworkPolicyIngressRule[] {
  if (service !== 'otel-collector' || collector.extraPorts.length === 0) return [];
  const ports = collector.extraPorts.map(({ port, protocol }) => ({ ...tcpPort(port), protocol }));
  return [{ from: allowedPeers(collector.allowedSenders), ports }];
}

/** Where AWS, Azure and Google Cloud answer questions about the node and its account. */
const cloudMetadataService: Destination = { cidr: '169.254.169.254/32', port: 80 };

/** The proxy through which pods leave the cluster, if there is one. */
function proxyOf({ egressProxy }: TopologySettings): Destination[] {
  const proxy = proxyDestination(egressProxy);
  return proxy === undefined ? [] : [proxy];
}

/** Where external stores are, by the URL of each that is used; each destination once. */
function externalStores(
  settings: TopologySettings,
  urlOf: (store: ExternalStore) => string,
): ExternalDestination[] {
  const { clusterDomain, egressProxy } = settings;
  const where = { clusterDomain, throughProxy: egressProxy.url !== undefined };
  const all = replaceableServices.flatMap((service) => {
    const store = externalStoreOf(service, settings);
    return store === undefined ? [] : destinationsOf(store, urlOf(store), where);
  });
  const keys = all.map((each) => JSON.stringify(each));
  return all.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

/** Destinations outside the stack that settings allow a service to connect to. */
function extraEgress(
  service: AnyServiceName,
  settings: TopologySettings,
): readonly ExternalDestination[] {
  const { collector, prometheus, alertmanager, loki, tempo, grafana } = settings;
  const proxy = proxyOf(settings);
  const allowed: Partial<Record<AnyServiceName, readonly ExternalDestination[]>> = {
    'otel-collector': [
      ...collector.egress,
      ...(collector.cloud === undefined ? [] : [cloudMetadataService]),
      ...externalStores(settings, ({ writeUrl }) => writeUrl),
      ...proxy,
    ],
    prometheus: [...prometheus.egress, ...(prometheus.remoteWrite.length > 0 ? proxy : [])],
    alertmanager: [...alertmanager.egress, ...proxy],
    loki: loki.egress,
    tempo: tempo.egress,
    grafana: [...grafana.egress, ...externalStores(settings, ({ url }) => url), ...proxy],
  };
  return allowed[service] ?? [];
}

/**
 * The ingress rule for an edge, in a policy of `namespace`: allows connections from where the edge
 * begins.
 */
export function ingressRule(
  edge: Edge,
  namespace: string,
  settings: TopologySettings,
): k8s.NetworkPolicyIngressRule {
  const { from, to } = edge;
  const endpoint = endpointOf(to);
  return {
    from: isService(from)
      ? [servicePeer(from, namespace, settings)]
      : externalPeers[from](settings, from).flatMap(({ peers = [] }) => peers),
    ports: endpoint && [tcpPort(endpoint.port.number)],
  };
}

/**
 * The egress rules for an edge, in a policy of `namespace`: allow connections to where the edge
 * leads.
 */
export function egressRules(
  edge: Edge,
  namespace: string,
  settings: TopologySettings,
): k8s.NetworkPolicyEgressRule[] {
  const { from, to } = edge;
  if (!isEndpoint(to)) {
    return externalPeers[to](settings, from).map(({ peers, ports }) => ({ to: peers, ports }));
  }
  const { service, port }: Endpoint = endpoints[to];
  return [{ to: [servicePeer(service, namespace, settings)], ports: [tcpPort(port.number)] }];
}
