import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels, loadGeneratorLabels, selectorLabels } from './labels.ts';
import type { Settings } from './settings.ts';
import {
  type Component,
  deployed,
  deployedView,
  type Edge,
  edgesOf,
  endpointOf,
  namespaceOf,
  type Outside,
  type ViewComponent,
} from './topology.ts';

type Party = Component | ViewComponent;

/** Those that settings do not choose. */
type Fixed = Exclude<Outside, 'applications'>;

/** How each party that is not ours is recognized, and on which ports it is used. */
const outside: Record<Fixed, { peers?: k8s.NetworkPolicyPeer[]; ports?: number[] }> = {
  'annotated-pods': { peers: [{ namespaceSelector: {} }] },
  'load-generators': { peers: [{ podSelector: { matchLabels: loadGeneratorLabels } }] },
  // Nodes cannot be selected by label, so these are known by their port alone.
  kubelets: { ports: [10250] },
  'api-server': { ports: [443, 6443] },
};

/** Pods of namespaces that may send telemetry. */
function applications({ collector: { senders } }: Settings): k8s.NetworkPolicyPeer[] {
  if (senders === 'all') return [{ namespaceSelector: {} }];
  const named = senders.namespaces.map((name) => ({ 'kubernetes.io/metadata.name': name }));
  return [...named, ...(senders.labels === undefined ? [] : [senders.labels])].map(
    (matchLabels) => ({ namespaceSelector: { matchLabels } }),
  );
}

export const tcp = (number: number): k8s.NetworkPolicyPort => ({
  protocol: 'TCP',
  port: k8s.IntOrString.fromNumber(number),
});

export const pods = (component: Party): k8s.NetworkPolicyPeer => ({
  podSelector: { matchLabels: selectorLabels(component) },
});

/** The pods of a component, for a policy in the namespace of another one. */
function podsFor(component: Party, other: Party, settings: Settings): k8s.NetworkPolicyPeer {
  const namespace = namespaceOf(component, settings);
  if (namespace === namespaceOf(other, settings)) return pods(component);
  const matchLabels = { 'kubernetes.io/metadata.name': namespace };
  return { namespaceSelector: { matchLabels }, ...pods(component) };
}

const isComponent = (party: string, settings: Settings): party is Party =>
  [...deployed(settings), ...deployedView(settings)].includes(party as Party);

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
    settings: Settings,
    components: readonly Party[] = deployed(settings),
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
      new k8s.KubeNetworkPolicy(this, component, {
        metadata: { name: component, labels: { ...selectorLabels(component), ...commonLabels } },
        spec: {
          podSelector: { matchLabels: selectorLabels(component) },
          policyTypes: ['Ingress', 'Egress'],
          ingress: incoming.map((edge) => ingress(edge, component, settings)),
          egress: [
            dns,
            ...outgoing.map((edge) => egress(edge, component, settings)),
            ...extra.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] })),
          ],
        },
      });
    }
  }
}

/** Where settings let a component out of the stack. */
function egressOf(component: Party, settings: Settings) {
  if (component === 'otel-collector') return settings.collector.egress;
  return component === 'alertmanager' ? settings.alertmanager.egress : [];
}

function ingress(edge: Edge, own: Party, settings: Settings): k8s.NetworkPolicyIngressRule {
  const endpoint = endpointOf(edge.to);
  return {
    from: peersOf(edge.from, own, settings),
    ports: endpoint && [tcp(endpoint.port.number)],
  };
}

function peersOf(party: Edge['from'], own: Party, settings: Settings) {
  if (isComponent(party, settings)) return [podsFor(party, own, settings)];
  if (party === 'applications') return applications(settings);
  return outside[party as Fixed].peers;
}

function egress({ to }: Edge, own: Party, settings: Settings): k8s.NetworkPolicyEgressRule {
  const endpoint = endpointOf(to);
  if (endpoint !== undefined) {
    const { component, port } = endpoint;
    return { to: [podsFor(component, own, settings)], ports: [tcp(port.number)] };
  }
  const { peers, ports } = outside[to as Fixed];
  return { to: peers, ports: ports?.map(tcp) };
}
