import { type NodePortName, nodePorts } from '../lib/kubernetes/node-ports.ts';
import { enabledServices } from '../lib/model/parts.ts';
import { type Port, partOfService, ports } from '../lib/model/ports.ts';
import {
  type Edge,
  type Endpoint,
  edgesOf,
  endpointOf,
  endpoints,
  isEndpoint,
} from '../lib/model/topology.ts';
import { settingsSchema } from '../lib/schema.ts';
import { defaultSettings } from '../settings/load.ts';
import { markdownTable } from './markdown-table.ts';

const edges = edgesOf(defaultSettings());
const clusterViewEdges = edgesOf(settingsSchema.parse({ clusterView: { enabled: true } })).filter(
  ({ from, to }) =>
    partOfService(from) === 'clusterView' ||
    partOfService(endpointOf(to)?.service ?? to) === 'clusterView',
);

/** The target of an edge: a service or an external peer. */
function target({ to }: Edge): string {
  return isEndpoint(to) ? endpoints[to].service : to;
}

function targetPort({ to }: Edge): number | undefined {
  return isEndpoint(to) ? endpoints[to].port.number : undefined;
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

/** A table of the ports of every service, with the services that connect to them. */
export function portTable(): string {
  const rows = enabledServices(defaultSettings()).flatMap((service) =>
    Object.values<Port>(ports[service]).map((port) => {
      const users = edges
        .filter((edge) => target(edge) === service && targetPort(edge) === port.number)
        .map(({ from }): string => from);
      if (port.probeOnly) users.push('the kubelet, for probes');
      if (port.opensWith) users.push(`closed without \`${port.opensWith}\``);
      const nodePort = nodePortOf(service, port);
      return [service, `${port.number}`, port.name, unique(users).join(', '), nodePort];
    }),
  );
  return markdownTable(['Service', 'Port', 'Name', 'Used by', 'Node port on kind'], rows);
}

function nodePortOf(service: string, port: Port): string {
  const found = (Object.keys(nodePorts) as NodePortName[]).find((name) => {
    const endpoint = endpoints[name];
    return endpoint.service === service && endpoint.port.number === port.number;
  });
  return found === undefined ? '' : `${nodePorts[found]}`;
}

/** A table of the connections that the NetworkPolicies allow. */
export function edgeTable(): string {
  return markdownTable(
    ['From', 'To', 'Endpoint', 'Purpose'],
    edges.map((edge) => [edge.from, target(edge), endpointText(edge), edge.purpose]),
  );
}

function endpointText({ to }: Edge): string {
  if (!isEndpoint(to)) return '';
  const { protocol, port, path }: Endpoint = endpoints[to];
  return `${protocol} ${port.number}${path === undefined ? '' : ` ${path}`}`;
}

/** A table of the connections that the cluster view adds. */
export function clusterViewEdgeTable(): string {
  const rows = clusterViewEdges.map(({ from, to, purpose }) => {
    const { service = to, port } = endpointOf(to) ?? {};
    return [from, service, port === undefined ? '' : `${port.number}`, purpose];
  });
  return markdownTable(['From', 'To', 'Port', 'Purpose'], rows);
}

/** The connections as a diagram; arrows point from client to server. */
export function diagram(): string {
  const pairs = unique(edges.map((edge) => `${edge.from} ${target(edge)}`));
  const arrows = pairs.map((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    const parallel = edges.filter((edge) => edge.from === from && target(edge) === to);
    return `  ${from} -->|"${unique(parallel.map((edge) => edge.purpose)).join('<br>')}"| ${to}`;
  });
  const outside = unique(edges.flatMap((edge) => [edge.from, target(edge)]))
    .filter((peer) => !(peer in ports))
    .map((peer) => `  ${peer}([${peer}])`);
  return ['```mermaid', 'flowchart LR', ...outside, ...arrows, '```'].join('\n');
}
