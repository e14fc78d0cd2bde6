import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { type Endpoint, type EndpointName, endpoints } from '../../lib/model/topology.ts';
import { isLocal, type Session } from '../cluster/session.ts';
import { actualMappings, nodeNames } from '../local/kind.ts';
import { type Forward, forward } from './port-forward.ts';

/** How a person on this machine reaches something of the cluster without any help. */
export type HostUrls = Partial<Readonly<Record<NodePortName, string>>>;

/** The URLs that the port mappings of the local cluster give; none for another cluster. */
export async function hostUrls(session: Session): Promise<HostUrls> {
  if (!isLocal(session)) return {};
  return urlsOf(await actualMappings(await nodeNames(session.settings.kind.clusterName)));
}

/** URLs from pairs of node port and host port. */
export function urlsOf(mappings: ReadonlyMap<number, number>): HostUrls {
  return Object.fromEntries(
    Object.entries(nodePorts).flatMap(([name, nodePort]) => {
      const hostPort = mappings.get(nodePort);
      return hostPort === undefined ? [] : [[name, `http://localhost:${hostPort}`]];
    }),
  );
}

/** Opens a connection to the Service behind an endpoint. */
export function forwardTo(
  { target }: Session,
  name: EndpointName,
  localPort?: number,
): Promise<Forward> {
  const endpoint: Endpoint = endpoints[name];
  const { component, port } = endpoint;
  return forward(target, {
    resource: `service/${component}`,
    remotePort: port.number,
    localPort,
  });
}

/** Opens a connection to each of some endpoints, for as long as the work on their URLs lasts. */
export async function withForwards<Name extends EndpointName, T>(
  session: Session,
  names: readonly Name[],
  work: (urls: Readonly<Record<Name, string>>) => Promise<T>,
): Promise<T> {
  const opened: Forward[] = [];
  try {
    const urls: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const connection = await forwardTo(session, name);
      opened.push(connection);
      urls[name] = connection.url;
    }
    return await work(urls as Record<Name, string>);
  } finally {
    await Promise.all(opened.map((each) => each.close()));
  }
}
