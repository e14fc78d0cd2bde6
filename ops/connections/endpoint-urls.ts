import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { basePathOf } from '../../lib/model/base-path.ts';
import { type Endpoint, type EndpointName, endpoints } from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import { isLocal, type Session } from '../cluster/session.ts';
import { actualMappings, nodeNames } from '../local/kind.ts';
import { type Forward, forward } from './port-forward.ts';

/** URLs on this machine that are mapped to node ports. */
export type HostUrls = Partial<Readonly<Record<NodePortName, string>>>;

/** The URLs of the local cluster's port mappings; none for another cluster. */
export async function hostUrls(session: Session): Promise<HostUrls> {
  if (!isLocal(session)) return {};
  const { settings } = session;
  const mappings = await actualMappings(await nodeNames(settings.kind.clusterName));
  return hostUrlsOf(mappings, settings);
}

export function hostUrlsOf(
  mappings: ReadonlyMap<number, number>,
  settings: Pick<Settings, 'grafana'>,
): HostUrls {
  return Object.fromEntries(
    Object.entries(nodePorts).flatMap(([name, nodePort]) => {
      const hostPort = mappings.get(nodePort);
      if (hostPort === undefined) return [];
      const { service } = endpoints[name as NodePortName];
      return [[name, `http://localhost:${hostPort}${basePathOf(service, settings)}`]];
    }),
  );
}

export async function forwardTo(
  { target, settings }: Session,
  name: EndpointName,
  localPort?: number,
): Promise<Forward> {
  const { service, port }: Endpoint = endpoints[name];
  const request = { resource: `service/${service}`, remotePort: port.number, localPort } as const;
  const opened = await forward(target, request);
  return { ...opened, url: `${opened.url}${basePathOf(service, settings)}` };
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
