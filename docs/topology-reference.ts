import { type NodePortName, nodePorts } from '../lib/kubernetes/node-ports.ts';
import {
  type Component,
  type Edge,
  type Endpoint,
  edgesOf,
  endpointOf,
  endpoints,
  isEndpoint,
  isView,
  type Port,
  ports,
} from '../lib/model/topology.ts';
import { settingsSchema } from '../lib/schema.ts';
import { defaultSettings } from '../settings/load.ts';
import { markdownTable } from './markdown-table.ts';

const edges = edgesOf(defaultSettings());
const viewed = edgesOf(settingsSchema.parse({ clusterView: { enabled: true } })).filter(
  ({ from, to }) => isView(from) || isView(endpointOf(to)?.component ?? to),
);
const portsOf = (component: string): Port[] => Object.values(ports[component as Component]);

/** Who an edge leads to: a component, or a party outside. */
function target({ to }: Edge): string {
  return isEndpoint(to) ? endpoints[to].component : to;
}

function targetPort({ to }: Edge): number | undefined {
  return isEndpoint(to) ? endpoints[to].port.number : undefined;
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

/** Every port of every component, and who uses it. */
export function portTable(): string {
  const rows = Object.keys(ports).flatMap((component) =>
    portsOf(component).map((port) => {
      const users = edges
        .filter((edge) => target(edge) === component && targetPort(edge) === port.number)
        .map(({ from }) => from);
      const who = port.probeOnly ? ['the kubelet, for probes'] : unique(users);
      const nodePort = nodePortOf(component, port);
      return [component, `${port.number}`, port.name, who.join(', '), nodePort];
    }),
  );
  return markdownTable(['Component', 'Port', 'Name', 'Used by', 'Node port on kind'], rows);
}

function nodePortOf(component: string, port: Port): string {
  const found = (Object.keys(nodePorts) as NodePortName[]).find((name) => {
    const endpoint = endpoints[name];
    return endpoint.component === component && endpoint.port.number === port.number;
  });
  return found === undefined ? '' : `${nodePorts[found]}`;
}

/** Every connection that the NetworkPolicies allow. */
export function edgeTable(): string {
  return markdownTable(
    ['From', 'To', 'Interface', 'Why'],
    edges.map((edge) => [edge.from, target(edge), interfaceOf(edge), edge.why]),
  );
}

function interfaceOf({ to }: Edge): string {
  if (!isEndpoint(to)) return '';
  const { protocol, port, path }: Endpoint = endpoints[to];
  return `${protocol} ${port.number}${path === undefined ? '' : ` ${path}`}`;
}

/** What the cluster view adds to both. */
export function viewEdgeTable(): string {
  const rows = viewed.map(({ from, to, why }) => {
    const { component = to, port } = endpointOf(to) ?? {};
    return [from, component, port === undefined ? '' : `${port.number}`, why];
  });
  return markdownTable(['From', 'To', 'Port', 'Why'], rows);
}

/** The same as a picture; arrows point from who connects to who answers. */
export function diagram(): string {
  const pairs = unique(edges.map((edge) => `${edge.from} ${target(edge)}`));
  const arrows = pairs.map((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    const why = edges.filter((edge) => edge.from === from && target(edge) === to);
    return `  ${from} -->|"${unique(why.map((edge) => edge.why)).join('<br>')}"| ${to}`;
  });
  const outside = unique(edges.flatMap((edge) => [edge.from, target(edge)]))
    .filter((party) => !(party in ports))
    .map((party) => `  ${party}([${party}])`);
  return ['```mermaid', 'flowchart LR', ...outside, ...arrows, '```'].join('\n');
}
