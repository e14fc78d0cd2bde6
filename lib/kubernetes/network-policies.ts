import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  commonLabels,
  doctorLabels,
  loadGeneratorLabels,
  selectorLabels,
} from '../model/labels.ts';
import {
  type Component,
  type Destination,
  deployedView,
  type Edge,
  type ExternalPeer,
  edgesOf,
  enabledServices,
  endpointOf,
  type NamespaceSelection,
  namespaceOf,
  type TopologySettings,
  type ViewComponent,
} from '../model/topology.ts';

type Party = Component | ViewComponent;

/** Those that settings do not choose. */
type Fixed = Exclude<ExternalPeer, 'applications' | 'visitors'>;

/** How each party that is not ours is recognized, and on which ports it is used. */
const outside: Record<Fixed, { peers?: k8s.NetworkPolicyPeer[]; ports?: number[] }> = {
  'annotated-pods': { peers: [{ namespaceSelector: {} }] },
  'load-generators': { peers: [{ podSelector: { matchLabels: loadGeneratorLabels } }] },
  doctor: { peers: [{ podSelector: { matchLabels: doctorLabels } }] },
  // Nodes cannot be selected by label, so these are known by their port, if not by settings.
  kubelets: { ports: [10250] },
  'api-server': { ports: [443, 6443] },
};

/** Pods of namespaces that a setting chooses. */
function podsOf(chosen: 'all' | NamespaceSelection): k8s.NetworkPolicyPeer[] {
  if (chosen === 'all') return [{ namespaceSelector: {} }];
  const named = chosen.namespaces.map((name) => ({ 'kubernetes.io/metadata.name': name }));
  return [...named, ...(chosen.labels === undefined ? [] : [chosen.labels])].map((matchLabels) => ({
    namespaceSelector: { matchLabels },
  }));
}

export const tcp = (number: number): k8s.NetworkPolicyPort => ({
  protocol: 'TCP',
  port: k8s.IntOrString.fromNumber(number),
});

export const pods = (component: Party): k8s.NetworkPolicyPeer => ({
  podSelector: { matchLabels: selectorLabels(component) },
});

/** The pods of a component, for a policy in a namespace. */
function podsFor(
  component: Party,
  from: string,
  settings: TopologySettings,
): k8s.NetworkPolicyPeer {
  const namespace = namespaceOf(component, settings);
  if (namespace === from) return pods(component);
  const matchLabels = { 'kubernetes.io/metadata.name': namespace };
  return { namespaceSelector: { matchLabels }, ...pods(component) };
}

const isComponent = (party: string, settings: TopologySettings): party is Party =>
  [...enabledServices(settings), ...deployedView(settings)].includes(party as Party);

/** Egress that every pod needs: names are looked up in the cluster's DNS, or in a cache on its node. */
export const dns: k8s.NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
    { ipBlock: { cidr: '169.254.0.0/16' } },
  ],
  ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(53) })),
};

/** Nothing in or out of a namespace, then exactly the edges of the topology, one policy a pod. */
export class NetworkPolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    settings: TopologySettings,
    components: readonly Party[] = enabledServices(settings),
  ) {
    super(scope, id);
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: commonLabels },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    const all = edgesOf(settings);
    for (const component of components) {
      const incoming = all.filter(({ to }) => endpointOf(to)?.component === component);
      const outgoing = all.filter((edge) => edge.from === component);
      const extra = egressOf(component, settings);
      const namespace = namespaceOf(component, settings);
      new k8s.KubeNetworkPolicy(this, component, {
        metadata: { name: component, labels: { ...selectorLabels(component), ...commonLabels } },
        spec: {
          podSelector: { matchLabels: selectorLabels(component) },
          policyTypes: ['Ingress', 'Egress'],
          ingress: incoming.map((edge) => ingress(edge, namespace, settings)),
          egress: [
            dns,
            ...outgoing.flatMap((edge) => egress(edge, namespace, settings)),
            ...extra.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] })),
          ],
        },
      });
    }
  }
}

/** Where settings let a component out of the stack. */
function egressOf(component: Party, { collector, alertmanager, grafana }: TopologySettings) {
  const allowed: Partial<Record<Party, readonly Destination[]>> = {
    'otel-collector': collector.egress,
    alertmanager: alertmanager.egress,
    grafana: grafana.egress,
  };
  return allowed[component] ?? [];
}

/** Lets the beginning of an edge in, by a policy in a namespace. */
export function ingress(
  edge: Edge,
  namespace: string,
  settings: TopologySettings,
): k8s.NetworkPolicyIngressRule {
  const endpoint = endpointOf(edge.to);
  return {
    from: peersOf(edge.from, namespace, settings),
    ports: endpoint && [tcp(endpoint.port.number)],
  };
}

function peersOf(party: Edge['from'], namespace: string, settings: TopologySettings) {
  if (isComponent(party, settings)) return [podsFor(party, namespace, settings)];
  const { collector, grafana } = settings;
  if (party === 'applications') return podsOf(collector.senders);
  if (party === 'visitors' && grafana.visitors !== undefined) return podsOf(grafana.visitors);
  return outside[party as Fixed].peers;
}

/** Lets an edge out to where it leads, by a policy in a namespace. */
export function egress(
  edge: Edge,
  namespace: string,
  settings: TopologySettings,
): k8s.NetworkPolicyEgressRule[] {
  const endpoint = endpointOf(edge.to);
  if (endpoint !== undefined) {
    const { component, port } = endpoint;
    return [{ to: [podsFor(component, namespace, settings)], ports: [tcp(port.number)] }];
  }
  const { peers, ports } = outside[edge.to as Fixed];
  const places = placesOf(edge.to, settings);
  if (places.length === 0) return [{ to: peers, ports: ports?.map(tcp) }];
  return places.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] }));
}

/** The addresses that settings give of what no label selects; none where they do not. */
function placesOf(party: Edge['to'], { kubernetesApi, nodeCidrs }: TopologySettings) {
  if (party === 'api-server') return kubernetesApi;
  const kubelet = outside.kubelets.ports ?? [];
  return party === 'kubelets'
    ? kubelet.flatMap((port) => nodeCidrs.map((cidr) => ({ cidr, port })))
    : [];
}
