import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { z } from 'zod';
import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { labelKeys } from '../../lib/model/labels.ts';
import { enabledServices } from '../../lib/model/parts.ts';
import { ports } from '../../lib/model/ports.ts';
import {
  type Edge,
  type Endpoint,
  edgesOf,
  endpoints,
  isEndpoint,
} from '../../lib/model/topology.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { formatTable } from '../../ops/process/output.ts';
import { session } from './cluster.ts';
import { type ConnectionTarget, type ProbeResult, probeFrom } from './connection-probe.ts';
import { idlePod } from './idle-pod.ts';

const { settings, target } = session;
const edges: readonly Edge[] = edgesOf(settings);
const services: readonly string[] = enabledServices(settings);
const otherNamespace = { ...target, namespace: `${target.namespace}-e2e-foreign` };

/** Pods that are no part of the stack, in another namespace and in that of the stack. */
const foreignPod = 'foreign';
const unknownPod = 'unknown';
const customers = 'customers';

/** Ports that must be closed: administration, gossip, internal APIs. */
const undeclared = [22, 5900, 7946, 8889, 9094, 9095, 9096];
const declared = Object.values(ports).flatMap((each) => Object.values(each).map((p) => p.number));
const numbers = [...new Set([...declared, ...undeclared])];

/** Endpoints behind node ports of a local cluster accept connections from everywhere. */
const nodePortEndpoints: readonly Endpoint[] = isLocal(session)
  ? Object.keys(nodePorts).map((name) => endpoints[name as NodePortName])
  : [];

/**
 * Most network plugins do not apply policies to connections between a pod and its node, which on a
 * single node includes the API server. Set it for plugins that do, and the node is tested too.
 */
const policiesCoverNode = process.env.E2E_NODE_COVERED === 'true';

/** Whether an edge of the topology allows ingress from `from`. */
function allowsIngress(from: string, to: string, port: number): boolean {
  if (
    nodePortEndpoints.some(({ service, port: { number } }) => service === to && number === port)
  ) {
    return true;
  }
  return edges.some((edge) => {
    if (!isEndpoint(edge.to)) return false;
    const endpoint = endpoints[edge.to];
    const isTarget = endpoint.service === to && endpoint.port.number === port;
    const isFrom =
      edge.from === 'applications' ||
      (edge.from === 'load-generators' ? from === customers : edge.from === from);
    return isTarget && isFrom;
  });
}

/** Whether an edge of the topology allows egress to `to`; the foreign pod has no policy. */
function allowsEgress(from: string, to: string, port: number): boolean {
  if (from === foreignPod) return true;
  return edges.some((edge) => {
    const isFrom = edge.from === 'load-generators' ? from === customers : edge.from === from;
    if (!isFrom) return false;
    if (isEndpoint(edge.to)) {
      return endpoints[edge.to].service === to && endpoints[edge.to].port.number === port;
    }
    if (edge.to === 'annotated-pods') return to !== 'host';
    return edge.to === to;
  });
}

const isInNamespace = (name: string) =>
  services.includes(name) || [customers, unknownPod].includes(name);

function isAllowed(from: string, to: string, port: number): boolean {
  return allowsEgress(from, to, port) && (!isInNamespace(to) || allowsIngress(from, to, port));
}

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
      status: z.object({ podIP: z.string(), hostIP: z.string(), phase: z.string() }),
    }),
  ),
});

interface ProbedPod {
  readonly name: string;
  readonly pod: string;
  readonly ip: string;
}

let host: Server;
const results = new Map<string, ProbeResult['connections']>();
const writes = new Map<string, string>();
let targets: { readonly to: string; readonly connection: ConnectionTarget }[] = [];

beforeAll(async () => {
  const { namespace } = otherNamespace;
  await kubectl(target, ['create', 'namespace', namespace]).catch(() => {});
  await kubectl(target, ['apply', '--filename=-'], { input: idlePod(unknownPod) });
  await kubectl(otherNamespace, ['apply', '--filename=-'], { input: idlePod(foreignPod) });
  for (const [where, pod] of [
    [target, unknownPod],
    [otherNamespace, foreignPod],
  ] as const) {
    await kubectl(where, ['wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=90s']);
  }
  const probedPods = [...(await podsIn(target)), ...(await podsIn(otherNamespace))];

  host = createServer().listen(0);
  await once(host, 'listening');
  targets = [
    ...probedPods.flatMap(({ name, ip }) =>
      numbers.map((port) => ({
        to: name,
        connection: { name: `${name}:${port}`, host: ip, port },
      })),
    ),
    ...(await externalTargets((host.address() as AddressInfo).port)),
  ];
  await Promise.all(
    probedPods.map(async ({ name, pod }) => {
      const candidates = targets
        .filter(({ to }) => to !== name)
        .map(({ connection }) => connection);
      const where = name === foreignPod ? otherNamespace.namespace : target.namespace;
      const { connections: outcomes, write } = await probeFrom(pod, name, candidates, where);
      results.set(name, outcomes);
      writes.set(name, write);
    }),
  );
}, 240_000);

afterAll(async () => {
  host.close();
  await kubectl(target, ['delete', 'pod', unknownPod, '--ignore-not-found', '--wait=false']);
  await kubectl(target, ['delete', 'namespace', otherNamespace.namespace, '--wait=false']);
});

/** One pod of each name. */
async function podsIn(where: typeof target): Promise<ProbedPod[]> {
  const { items } = await kubectlJson(where, podsSchema, [
    'get',
    'pods',
    '--field-selector=status.phase=Running',
  ]);
  const probedPods = items.map(({ metadata, status }) => ({
    name: metadata.labels[labelKeys.name] ?? '',
    pod: metadata.name,
    ip: status.podIP,
  }));
  return [...new Map(probedPods.map((pod) => [pod.name, pod])).values()];
}

const ipsSchema = z.object({ spec: z.object({ clusterIP: z.string() }) });

/** The API server, a kubelet, and this machine, which is outside of the cluster. */
async function externalTargets(hostPort: number) {
  const { spec } = await kubectlJson({ ...target, namespace: 'default' }, ipsSchema, [
    ...['get', 'service', 'kubernetes'],
  ]);
  const { items } = await kubectlJson(target, podsSchema, ['get', 'pods']);
  const onNode = [
    { to: 'api-server', connection: { name: 'api-server:443', host: spec.clusterIP, port: 443 } },
    ...items.slice(0, 1).map(({ status }) => ({
      to: 'kubelets',
      connection: { name: 'kubelets:10250', host: status.hostIP, port: 10250 },
    })),
  ];
  const candidates = policiesCoverNode ? onNode : [];
  if (!isLocal(session)) return candidates;
  const gateway = await runEngine([
    ...['network', 'inspect', 'kind', '--format', '{{(index .IPAM.Config 0).Gateway}}'],
  ]);
  const connection = { name: `host:${hostPort}`, host: gateway.trim(), port: hostPort };
  return [...candidates, { to: 'host', connection }];
}

const from = [...services, customers, unknownPod, foreignPod];

test.each(from)('%s reaches exactly the endpoints that the topology allows', (name) => {
  const outcomes = results.get(name) ?? {};
  const candidates = targets.filter(({ to }) => to !== name);
  expect(Object.keys(outcomes)).toHaveLength(candidates.length);
  const allowed = candidates.filter(({ to, connection }) => isAllowed(name, to, connection.port));
  // A refused connection is a failure too: the packet was let through.
  const reached = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'blocked');
  expect(reached.map(([connection]) => connection).sort()).toEqual(
    allowed.map(({ connection }) => connection.name).sort(),
  );
});

test.each([...services, customers])('the root file system of %s is read-only', (name) => {
  expect(writes.get(name)).toBe('EROFS');
});

afterAll(() => {
  const rows = from.map((name) => {
    const outcomes = Object.entries(results.get(name) ?? {});
    const open = outcomes
      .filter(([, outcome]) => outcome === 'open')
      .map(([connection]) => connection);
    const refused = outcomes.filter(([, outcome]) => outcome === 'refused');
    const blocked = outcomes.length - open.length - refused.length;
    return [name, String(blocked), String(refused.length), open.join(' ')];
  });
  process.stdout.write(`${formatTable([['FROM', 'BLOCKED', 'REFUSED', 'OPEN'], ...rows])}\n`);
});
