import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels, selectorLabels } from '../model/labels.ts';
import {
  type Endpoint,
  enabledServices,
  endpoints,
  type TopologySettings,
} from '../model/topology.ts';

/** Ports of every node that lead to what a person uses; kind-config.yaml maps host ports to them. */
export const nodePorts = { grafana: 30300, shop: 30500, otlpGrpc: 30317, otlpHttp: 30318 } as const;

export type NodePortName = keyof typeof nodePorts;

/** Access from outside through node ports: for a local kind cluster, not for production. */
export class NodePorts extends Construct {
  constructor(scope: Construct, id: string, settings: TopologySettings) {
    super(scope, id);
    for (const [name, nodePort] of Object.entries(nodePorts)) {
      const endpoint: Endpoint = endpoints[name as NodePortName];
      if (!enabledServices(settings).includes(endpoint.component)) continue;
      const objectName = `${endpoint.component}-${endpoint.port.name}-node-port`;
      const selector = selectorLabels(endpoint.component);
      const metadata = { name: objectName, labels: { ...selector, ...commonLabels } };
      const port = endpoint.port.number;
      new k8s.KubeService(this, `${name}-service`, {
        metadata,
        spec: {
          type: 'NodePort',
          selector,
          ports: [{ name: endpoint.port.name, port, nodePort }],
        },
      });
      if (!settings.networkPolicies) continue;
      new k8s.KubeNetworkPolicy(this, `${name}-policy`, {
        metadata,
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ['Ingress'],
          // From anywhere: behind a node port, senders are not pods.
          ingress: [{ ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }] }],
        },
      });
    }
  }
}
