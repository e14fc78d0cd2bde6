import { parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { nodePorts } from '../../lib/kubernetes/node-ports.ts';
import type { PortMapping } from './host-ports.ts';

export interface KindConfigOptions {
  readonly clusterName: string;
  readonly mappings: readonly PortMapping[];
}

/**
 * kind-config.yaml with the cluster name and host ports of the settings. Everything else in it (more
 * nodes, mounts, other ports) is kept.
 */
export function kindConfig(template: string, { clusterName, mappings }: KindConfigOptions): string {
  const document = parseDocument(template);
  document.set('name', clusterName);
  const nodes = document.get('nodes');
  if (nodes instanceof YAMLSeq) {
    for (const node of nodes.items) {
      if (node instanceof YAMLMap) setHostPorts(node, mappings);
    }
  }
  return document.toString();
}

function setHostPorts(node: YAMLMap, mappings: readonly PortMapping[]): void {
  const ports = node.get('extraPortMappings');
  if (!(ports instanceof YAMLSeq)) return;
  const kept = ports.items.filter((item) => {
    if (!(item instanceof YAMLMap)) return true;
    const nodePort = item.get('containerPort');
    if (!Object.values<unknown>(nodePorts).includes(nodePort)) return true;
    const mapping = mappings.find((each) => each.nodePort === nodePort);
    if (mapping !== undefined) item.set('hostPort', mapping.hostPort);
    return mapping !== undefined;
  });
  ports.items = kept;
  if (kept.length === 0) node.delete('extraPortMappings');
}
