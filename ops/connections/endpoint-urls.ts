import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { type Endpoint, type EndpointName, endpoints } from '../../lib/model/topology.ts';
import { isLocal, type Session } from '../cluster/session.ts';
import { actualMappings, nodeNames } from '../local/kind.ts';
import { type Forward, forward } from './port-forward.ts';

/** URLs on this machine that are mapped to node ports. */
export type HostUrls = Partial<Readonly<Record<NodePortName, string>>>;

/** The URLs of the local cluster's port mappings; none for another cluster. */
export async function hostUrls(session: Session): Promise<HostUrls> {
  if (!isLocal(session)) return {};
  return hostUrlsOf(await actualMappings(await nodeNames(session.settings.kind.clusterName)));
}

export function hostUrlsOf(mappings: ReadonlyMap<number, number>): HostUrls {
  return Object.fromEntries(
    Object.entries(nodePorts).flatMap(([name, nodePort]) => {
      const hostPort = mappings.get(nodePort);
      return hostPort === undefined ? [] : [[name, `http://localhost:${hostPort}`]];
    }),
  );
}

export function forwardTo(
  { target }: Session,
  name: EndpointName,
  localPort?: number,
): Promise<Forward> {
  const { service, port }: Endpoint = endpoints[name];
  return forward(target, { resource: `service/${service}`, remotePort: port.number, localPort });
}

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
