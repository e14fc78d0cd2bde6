import { parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { nodePorts } from '../../lib/kubernetes/node-ports.ts';
import type { PortMapping } from './host-ports.ts';

export interface KindConfigChoices {
  readonly clusterName: string;
  readonly mappings: readonly PortMapping[];
}

/**
 * kind-config.yaml with the cluster name and the host ports of the settings. What else a person
 * wrote there (more nodes, mounts, other ports) stays as it is.
 */
export function kindConfig(template: string, choices: KindConfigChoices): string {
  const document = parseDocument(template);
  document.set('name', choices.clusterName);
  const nodes = document.get('nodes');
  if (nodes instanceof YAMLSeq) {
    for (const node of nodes.items) {
      if (node instanceof YAMLMap) choosePorts(node, choices.mappings);
    }
  }
  return document.toString();
}

function choosePorts(node: YAMLMap, mappings: readonly PortMapping[]): void {
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
