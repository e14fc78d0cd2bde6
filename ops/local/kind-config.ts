import { parse, stringify } from 'yaml';
import { nodePorts } from '../../lib/kubernetes/node-ports.ts';
import type { PortMapping } from './host-ports.ts';

interface KindNode {
  readonly extraPortMappings?: readonly { readonly containerPort: number }[];
}

/**
 * kind-config.yaml with the cluster name and host ports of the settings. Everything else in it (more
 * nodes, mounts, other ports) is kept.
 */
export function kindConfig(
  template: string,
  clusterName: string,
  mappings: readonly PortMapping[],
): string {
  const config = parse(template) as { readonly nodes?: readonly KindNode[] };
  const nodes = config.nodes?.map((node) => setHostPorts(node, mappings));
  return stringify({ ...config, name: clusterName, nodes });
}

function setHostPorts(
  { extraPortMappings = [], ...node }: KindNode,
  mappings: readonly PortMapping[],
) {
  const kept = extraPortMappings.flatMap((port) => {
    if (!Object.values<number>(nodePorts).includes(port.containerPort)) return [port];
    const mapping = mappings.find(({ nodePort }) => nodePort === port.containerPort);
    return mapping === undefined ? [] : [{ ...port, hostPort: mapping.hostPort }];
  });
  return kept.length === 0 ? node : { ...node, extraPortMappings: kept };
}
