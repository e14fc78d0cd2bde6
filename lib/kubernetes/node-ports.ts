import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels, selectorLabels } from '../model/labels.ts';
import { isEnabled } from '../model/parts.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { type Endpoint, endpoints } from '../model/topology.ts';
import type { TopologySettings } from '../model/topology-settings.ts';

/** Node ports of the endpoints that people use; kind-config.yaml maps host ports to them. */
export const nodePorts = { grafana: 30300, shop: 30500, otlpGrpc: 30317, otlpHttp: 30318 } as const;

export type NodePortName = keyof typeof nodePorts;

/**
 * Services of type NodePort, for access from outside: for a local kind cluster, not for production.
 */
export class NodePorts extends Construct {
  constructor(scope: Construct, id: string, settings: TopologySettings) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    for (const [name, nodePort] of Object.entries(nodePorts)) {
      const endpoint: Endpoint = endpoints[name as NodePortName];
      if (!isEnabled(endpoint.service, settings)) continue;
      const objectName = `${endpoint.service}-${endpoint.port.name}-node-port`;
      const selector = selectorLabels(endpoint.service);
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
          // From anywhere: connections through a node port do not come from pods.
          ingress: [{ ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }] }],
        },
      });
    }
  }
}
