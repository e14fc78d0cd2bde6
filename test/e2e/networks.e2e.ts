import { z } from 'zod';
import { nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { ports } from '../../lib/model/ports.ts';
import { endpoints } from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { type ConnectionTarget, probeFrom } from './connection-probe.ts';
import { runDoctor } from './doctor.ts';
import { idlePod } from './idle-pod.ts';
import { testOnRequest } from './on-request.ts';
import { withWildcardDomain } from './wildcard-domain.ts';

const { settings, target } = session;
const otherNamespace = { ...target, namespace: `${target.namespace}-e2e-networks` };
const dnsNamespace = { ...target, namespace: 'kube-system' };

const deployWith = (more: Partial<Settings>) =>
  deploy(
    { ...session, settings: { ...settings, ...more } },
    { yes: true, wait: '6m', timeout: '35s', doctor: false },
  );

const podsSchema = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), status: z.object({ podIP: z.string() }) }),
  ),
});

async function findPods(where: typeof target, selector: string) {
  const { items } = await kubectlJson(where, podsSchema, [
    ...['get', 'pods', `--selector=${selector}`, '--field-selector=status.phase=Running'],
  ]);
  return items.map(({ metadata, status }) => ({ name: metadata.name, ip: status.podIP }));
}

async function podOf(where: typeof target, name: string) {
  const [pod] = await findPods(where, `app.kubernetes.io/name=${name}`);
  if (pod === undefined) throw new Error(`no pod of ${name}`);
  return pod;
}

/** The names of the targets that accept a connection. */
async function reached(pod: string, name: string, targets: ConnectionTarget[], namespace: string) {
  const { connections } = await probeFrom(pod, name, targets, namespace);
  expect(Object.keys(connections)).toHaveLength(targets.length);
  return Object.keys(connections).filter((each) => connections[each] === 'open');
}

/** Node ports of a local cluster admit everybody to their endpoints; deploy brings them back. */
async function closeNodePorts(): Promise<void> {
  const names = Object.keys(nodePorts).map((name) => {
    const { service, port } = endpoints[name as keyof typeof nodePorts];
    return `networkpolicy/${service}-${port.name}-node-port`;
  });
  await kubectl(target, ['delete', '--ignore-not-found', ...names]);
}

testOnRequest(
  'addresses in allowedSenders and allowedClients connect, and others do not',
  async () => {
    const { namespace } = otherNamespace;
    await kubectl(target, ['create', 'namespace', namespace]).catch(() => {});
    try {
      for (const name of ['listed', 'unlisted']) {
        await kubectl(otherNamespace, ['apply', '--filename=-'], { input: idlePod(name) });
        await kubectl(otherNamespace, ['wait', '--for=condition=Ready', `pod/${name}`]);
      }
      const { ip } = await podOf(otherNamespace, 'listed');
      // Network plugins in which an address block never matches a pod, such as Cilium, fail here.
      const allowed = { namespaces: [], cidrs: [`${ip}/${ip.includes(':') ? 128 : 32}`] };
      await deployWith({
        collector: { ...settings.collector, allowedSenders: allowed },
        grafana: { ...settings.grafana, allowedClients: allowed },
      });
      await closeNodePorts();
      const targets: ConnectionTarget[] = [];
      for (const service of ['otel-collector', 'grafana', 'loki'] as const) {
        const { ip: host } = await podOf(target, service);
        for (const { number: port } of Object.values(ports[service])) {
          targets.push({ name: `${service}:${port}`, host, port });
        }
      }
      const from = (name: string) => reached(name, name, targets, namespace);
      expect((await from('listed')).sort()).toEqual([
        'grafana:3000',
        'otel-collector:4317',
        'otel-collector:4318',
      ]);
      expect(await from('unlisted')).toEqual([]);
    } finally {
      await kubectl(target, ['delete', 'namespace', namespace, '--wait=false']);
      await deployWith({});
    }
  },
);

testOnRequest('the setting dns selects the pods, addresses and ports of the DNS', async () => {
  const [labelled, addressed, ...others] = await findPods(dnsNamespace, 'k8s-app=kube-dns');
  if (labelled === undefined || addressed === undefined) throw new Error('needs two pods of DNS');
  const label = { 'mantis-e2e': 'dns' };
  const shop = await podOf(target, 'shop');
  // Of CoreDNS: queries, its readiness and its metrics.
  const targets = Object.entries({ labelled, addressed }).flatMap(([name, { ip }]) =>
    [53, 8181, 9153].map((port) => ({ name: `${name}:${port}`, host: ip, port })),
  );
  const fromShop = () => reached(shop.name, 'shop', targets, target.namespace);
  await kubectl(dnsNamespace, ['label', 'pod', labelled.name, 'mantis-e2e=dns']);
  try {
    expect(others).toEqual([]);
    expect(await fromShop()).toEqual(['labelled:53', 'addressed:53']);
    const pods = [{ namespace: dnsNamespace.namespace, labels: label }];
    await deployWith({ dns: { pods, cidrs: [], ports: [53, 8181] } });
    expect(await fromShop()).toEqual(['labelled:53', 'labelled:8181']);
    const cidrs = [`${addressed.ip}/${addressed.ip.includes(':') ? 128 : 32}`];
    await deployWith({ dns: { pods: [], cidrs, ports: [53] } });
    expect(await fromShop()).toEqual(['addressed:53']);
  } finally {
    await kubectl(dnsNamespace, ['label', 'pod', labelled.name, 'mantis-e2e-']);
    await deployWith({});
  }
});

testOnRequest(
  'a search domain that has an address for every name leads no connection away',
  async () => {
    await withWildcardDomain(async () => {
      await waitForRollout(target, { timeoutSeconds: 240, onReady: () => {} });
      await eventually('the doctor to find no problem', async () => {
        const { code, report } = await runDoctor('15s');
        if (code !== 0) throw new RetryLater(report.broken.map(({ hop }) => hop).join(', '));
      });
    });
  },
);
