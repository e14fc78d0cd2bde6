import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { z } from 'zod';
import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { labelKeys } from '../../lib/model/labels.ts';
import {
  type Edge,
  type Endpoint,
  edgesOf,
  enabledServices,
  endpoints,
  isEndpoint,
  ports,
} from '../../lib/model/topology.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { table } from '../../ops/process/output.ts';
import { bystander } from './bystander.ts';
import { session } from './cluster.ts';
import { type Door, type Findings, lookFrom } from './probe.ts';

const { settings, target } = session;
const edges: readonly Edge[] = edgesOf(settings);
const components: readonly string[] = enabledServices(settings);
const strangers = { ...target, namespace: `${target.namespace}-e2e-strangers` };

/** Who knocks: the pods of the stack, and two that it does not know. */
const stranger = 'stranger';
const unknown = 'unknown';
const customers = 'customers';

/** Where nobody of ours should be heard of: administration, gossip, internal APIs. */
const undeclared = [22, 5900, 7946, 8889, 9094, 9095, 9096];
const declared = Object.values(ports).flatMap((each) => Object.values(each).map((p) => p.number));
const numbers = [...new Set([...declared, ...undeclared])];

/** What the node ports of a local cluster lead to is open to whoever gets there. */
const openToAll: readonly Endpoint[] = isLocal(session)
  ? Object.keys(nodePorts).map((name) => endpoints[name as NodePortName])
  : [];

/**
 * Most network plugins never come between a pod and its own node, which with one node includes the
 * API server. Whoever runs one that does says so here, and the node is looked at too.
 */
const nodeIsCovered = process.env.E2E_NODE_COVERED === 'true';

/** Whether the topology lets one in to a port of another. */
function letsIn(from: string, to: string, port: number): boolean {
  if (openToAll.some(({ component, port: { number } }) => component === to && number === port)) {
    return true;
  }
  return edges.some((edge) => {
    if (!isEndpoint(edge.to)) return false;
    const endpoint = endpoints[edge.to];
    const isThisOne = endpoint.component === to && endpoint.port.number === port;
    const isFrom =
      edge.from === 'applications' ||
      (edge.from === 'load-generators' ? from === customers : edge.from === from);
    return isThisOne && isFrom;
  });
}

/** Whether the topology lets one out to a port of another; strangers are not ours to keep in. */
function letsOut(from: string, to: string, port: number): boolean {
  if (from === stranger) return true;
  return edges.some((edge) => {
    const isFrom = edge.from === 'load-generators' ? from === customers : edge.from === from;
    if (!isFrom) return false;
    if (isEndpoint(edge.to)) {
      return endpoints[edge.to].component === to && endpoints[edge.to].port.number === port;
    }
    if (edge.to === 'annotated-pods') return to !== 'host';
    return edge.to === to;
  });
}

const isOurs = (name: string) => components.includes(name) || [customers, unknown].includes(name);

function expected(from: string, to: string, port: number): boolean {
  return letsOut(from, to, port) && (!isOurs(to) || letsIn(from, to, port));
}

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
      status: z.object({ podIP: z.string(), hostIP: z.string(), phase: z.string() }),
    }),
  ),
});

interface Place {
  readonly name: string;
  readonly pod: string;
  readonly ip: string;
}

let host: Server;
const found = new Map<string, Findings['doors']>();
const writes = new Map<string, string>();
let doorsOf: { readonly to: string; readonly door: Door }[] = [];

beforeAll(async () => {
  const { namespace } = strangers;
  await kubectl(target, ['create', 'namespace', namespace]).catch(() => {});
  await kubectl(target, ['apply', '--filename=-'], { input: bystander(unknown) });
  await kubectl(strangers, ['apply', '--filename=-'], { input: bystander(stranger) });
  for (const [where, pod] of [
    [target, unknown],
    [strangers, stranger],
  ] as const) {
    await kubectl(where, ['wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=90s']);
  }
  const places = [...(await placesIn(target)), ...(await placesIn(strangers))];

  host = createServer().listen(0);
  await once(host, 'listening');
  doorsOf = [
    ...places.flatMap(({ name, ip }) =>
      numbers.map((port) => ({ to: name, door: { name: `${name}:${port}`, host: ip, port } })),
    ),
    ...(await doorsOutside((host.address() as AddressInfo).port)),
  ];
  await Promise.all(
    places.map(async ({ name, pod }) => {
      const doors = doorsOf.filter(({ to }) => to !== name).map(({ door }) => door);
      const where = name === stranger ? strangers.namespace : target.namespace;
      const { doors: answers, write } = await lookFrom(pod, name, doors, where);
      found.set(name, answers);
      writes.set(name, write);
    }),
  );
}, 240_000);

afterAll(async () => {
  host.close();
  await kubectl(target, ['delete', 'pod', unknown, '--ignore-not-found', '--wait=false']);
  await kubectl(target, ['delete', 'namespace', strangers.namespace, '--wait=false']);
});

/** One pod of each component. */
async function placesIn(where: typeof target): Promise<Place[]> {
  const { items } = await kubectlJson(where, podsSchema, [
    'get',
    'pods',
    '--field-selector=status.phase=Running',
  ]);
  const places = items.map(({ metadata, status }) => ({
    name: metadata.labels[labelKeys.name] ?? '',
    pod: metadata.name,
    ip: status.podIP,
  }));
  return [...new Map(places.map((place) => [place.name, place])).values()];
}

const ipsSchema = z.object({ spec: z.object({ clusterIP: z.string() }) });

/** The API server, a kubelet, and this machine, which is no part of the cluster. */
async function doorsOutside(hostPort: number) {
  const { spec } = await kubectlJson({ ...target, namespace: 'default' }, ipsSchema, [
    ...['get', 'service', 'kubernetes'],
  ]);
  const { items } = await kubectlJson(target, podsSchema, ['get', 'pods']);
  const onNode = [
    { to: 'api-server', door: { name: 'api-server:443', host: spec.clusterIP, port: 443 } },
    ...items.slice(0, 1).map(({ status }) => ({
      to: 'kubelets',
      door: { name: 'kubelets:10250', host: status.hostIP, port: 10250 },
    })),
  ];
  const doors = nodeIsCovered ? onNode : [];
  if (!isLocal(session)) return doors;
  const gateway = await runEngine([
    ...['network', 'inspect', 'kind', '--format', '{{(index .IPAM.Config 0).Gateway}}'],
  ]);
  const door = { name: `host:${hostPort}`, host: gateway.trim(), port: hostPort };
  return [...doors, { to: 'host', door }];
}

const from = [...components, customers, unknown, stranger];

test.each(from)('%s reaches exactly what the topology says', (name) => {
  const answers = found.get(name) ?? {};
  const doors = doorsOf.filter(({ to }) => to !== name);
  expect(Object.keys(answers)).toHaveLength(doors.length);
  const wanted = doors.filter(({ to, door }) => expected(name, to, door.port));
  // A refusal is a leak too: the packet was let through, and nobody happened to listen.
  const reached = Object.entries(answers).filter(([, outcome]) => outcome !== 'blocked');
  expect(reached.map(([door]) => door).sort()).toEqual(wanted.map(({ door }) => door.name).sort());
});

test.each([...components, customers])('nothing can be written beside the volumes of %s', (name) => {
  expect(writes.get(name)).toBe('EROFS');
});

afterAll(() => {
  const rows = from.map((name) => {
    const outcomes = Object.entries(found.get(name) ?? {});
    const open = outcomes.filter(([, outcome]) => outcome === 'open').map(([door]) => door);
    const refused = outcomes.filter(([, outcome]) => outcome === 'refused');
    const blocked = outcomes.length - open.length - refused.length;
    return [name, String(blocked), String(refused.length), open.join(' ')];
  });
  process.stdout.write(`${table([['FROM', 'BLOCKED', 'REFUSED', 'OPEN'], ...rows])}\n`);
});
