import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { namespaceOf } from '../model/addresses.ts';
import {
  commonLabels,
  doctorLabels,
  loadGeneratorLabels,
  selectorLabels,
} from '../model/labels.ts';
import type { AnyServiceName } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import {
  annotatedPodsJob,
  type Edge,
  type ExternalPeer,
  edgesOf,
  enabledClusterViewServices,
  enabledServices,
  endpointOf,
  topologySource,
} from '../model/topology.ts';
import type {
  AllowedPeers,
  Destination,
  DnsLocation,
  TopologySettings,
} from '../model/topology-settings.ts';

const ownSource = sourceFile(import.meta.filename);

/** The external peers that do not depend on settings. */
type FixedPeer = Exclude<ExternalPeer, 'applications' | 'grafana-clients'>;

/** The pods of each of these peers, or its ports where it has no pods. */
const fixedPeers: Record<FixedPeer, { peers?: k8s.NetworkPolicyPeer[]; ports?: number[] }> = {
  'annotated-pods': { peers: [{ namespaceSelector: {} }] },
  'load-generators': { peers: [{ podSelector: { matchLabels: loadGeneratorLabels } }] },
  doctor: { peers: [{ podSelector: { matchLabels: doctorLabels } }] },
  // No label selects nodes, so without addresses in the settings only the port restricts these two.
  kubelets: { ports: [10250] },
  'api-server': { ports: [443, 6443] },
};

const namespaceLabels = (name: string) => ({ 'kubernetes.io/metadata.name': name });

/** All pods of namespaces. */
function namespacePeers(namespaces: 'all' | readonly string[]): k8s.NetworkPolicyPeer[] {
  if (namespaces === 'all') return [{ namespaceSelector: {} }];
  return namespaces.map((name) => ({ namespaceSelector: { matchLabels: namespaceLabels(name) } }));
}

const addressPeer = (cidr: string): k8s.NetworkPolicyPeer => ({ ipBlock: { cidr } });

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

const isEnabledService = (name: string, settings: TopologySettings): name is AnyServiceName =>
  [...enabledServices(settings), ...enabledClusterViewServices(settings)].includes(
    name as AnyServiceName,
  );

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
    services: readonly AnyServiceName[] = enabledServices(settings),
  ) {
    super(scope, id);
    declareSource(this, ownSource);
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: commonLabels },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    const all = edgesOf(settings);
    for (const service of services) {
      const incoming = all.filter(({ to }) => endpointOf(to)?.service === service);
      const outgoing = all.filter((edge) => edge.from === service);
      const extra = extraEgress(service, settings);
      const namespace = namespaceOf(service, settings);
      const policy = new k8s.KubeNetworkPolicy(this, service, {
        metadata: { name: service, labels: { ...selectorLabels(service), ...commonLabels } },
        spec: {
          podSelector: { matchLabels: selectorLabels(service) },
          policyTypes: ['Ingress', 'Egress'],
          ingress: incoming.map((edge) => ingressRule(edge, namespace, settings)),
          egress: [
            dnsEgress(settings.dns),
            ...outgoing.flatMap((edge) => egressRules(edge, namespace, settings)),
            ...extra.map(({ cidr, port }) => ({
              to: [addressPeer(cidr)],
              ports: [tcpPort(port)],
            })),
          ],
        },
      });
      declareSource(policy, topologySource, ownSource);
    }
  }
}

/** Where AWS, Azure and Google Cloud answer questions about the node and its account. */
const cloudMetadataService: Destination = { cidr: '169.254.169.254/32', port: 80 };

/** Destinations outside the stack that settings allow a service to connect to. */
function extraEgress(
  service: AnyServiceName,
  { collector, alertmanager, grafana }: TopologySettings,
) {
  const allowed: Partial<Record<AnyServiceName, readonly Destination[]>> = {
    'otel-collector': [
      ...collector.egress,
      ...(collector.cloud === undefined ? [] : [cloudMetadataService]),
    ],
    alertmanager: alertmanager.egress,
    grafana: grafana.egress,
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
  const endpoint = endpointOf(edge.to);
  return {
    from: peersOf(edge.from, namespace, settings),
    ports: endpoint && [tcpPort(endpoint.port.number)],
  };
}

function peersOf(from: Edge['from'], namespace: string, settings: TopologySettings) {
  if (isEnabledService(from, settings)) return [servicePeer(from, namespace, settings)];
  const { collector, grafana } = settings;
  if (from === 'applications') return allowedPeers(collector.allowedSenders);
  if (from === 'grafana-clients' && grafana.allowedClients !== undefined)
    return allowedPeers(grafana.allowedClients);
  return fixedPeers[from as FixedPeer].peers;
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
  const endpoint = endpointOf(edge.to);
  if (endpoint !== undefined) {
    const { service, port } = endpoint;
    return [{ to: [servicePeer(service, namespace, settings)], ports: [tcpPort(port.number)] }];
  }
  const { namespaces } = settings.prometheus.annotatedPods;
  if (edge.from === 'prometheus' && edge.to === annotatedPodsJob && namespaces !== 'all')
    return [{ to: namespacePeers(namespaces) }];
  const { peers, ports } = fixedPeers[edge.to as FixedPeer];
  const addresses = externalAddresses(edge.to, settings);
  if (addresses.length === 0) return [{ to: peers, ports: ports?.map(tcpPort) }];
  return addresses.map(({ cidr, port }) => ({
    to: [addressPeer(cidr)],
    ports: [tcpPort(port)],
  }));
}

/** The addresses of nodes or of the API server, as far as settings list them. */
function externalAddresses(to: Edge['to'], { apiServerAddresses, nodeCidrs }: TopologySettings) {
  if (to === 'api-server') return apiServerAddresses;
  const kubeletPorts = fixedPeers.kubelets.ports ?? [];
  return to === 'kubelets'
    ? kubeletPorts.flatMap((port) => nodeCidrs.map((cidr) => ({ cidr, port })))
    : [];
}
