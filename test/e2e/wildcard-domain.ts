import { kubectl } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { session } from './cluster.ts';

const { target, settings } = session;
const dns = { ...target, namespace: 'kube-system' };
const apps = { ...target, namespace: 'default' };

/** A domain in which every name has this address, of a network for documentation (RFC 5737). */
const domain = 'wildcard.test';
const away = '192.0.2.1';

const zone = `
${domain}:53 {
    template IN A {
        answer "{{ .Name }} 60 IN A ${away}"
    }
    template ANY ANY {
        rcode NOERROR
    }
}
`;

const pod = 'mantis-e2e-wildcard';

async function writeCorefile(text: string): Promise<void> {
  const patch = JSON.stringify({ data: { Corefile: text } });
  await kubectl(dns, ['patch', 'configmap/coredns', '--type=merge', `--patch=${patch}`]);
  // By itself it reads the file again within a minute.
  await kubectl(dns, ['rollout', 'restart', 'deployment/coredns']);
  await kubectl(dns, ['rollout', 'status', 'deployment/coredns', '--timeout=180s']);
}

/** Gives every pod of the stack these search domains after those of the cluster. */
async function setSearchDomains(searches: readonly string[] | null): Promise<void> {
  const workloads = await kubectl(target, ['get', 'statefulsets,deployments', '--output=name']);
  const patch = JSON.stringify({ spec: { template: { spec: { dnsConfig: { searches } } } } });
  for (const workload of workloads.trim().split('\n')) {
    await kubectl(target, ['patch', workload, `--patch=${patch}`]);
  }
}

/** The address that a pod with this search domain and Kubernetes' own ndots gets for the collector. */
async function lookUpByDefault(): Promise<string> {
  const collector = `otel-collector.${settings.namespace}.svc.${settings.clusterDomain}`;
  const script = `require('node:dns').lookup('${collector}', (error, address) => console.log(error?.code ?? address))`;
  const container = {
    name: pod,
    image: appImageReference(settings),
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '--eval', script],
  };
  const input = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod },
    spec: { restartPolicy: 'Never', dnsConfig: { searches: [domain] }, containers: [container] },
  });
  await kubectl(apps, ['apply', '--filename=-'], { input });
  await kubectl(apps, [
    ...['wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${pod}`, '--timeout=90s'],
  ]);
  return (await kubectl(apps, ['logs', pod])).trim();
}

/** Runs `work` while every pod has such a search domain; fails if that leads no lookup away. */
export async function withWildcardDomain(work: () => Promise<void>): Promise<void> {
  const corefile = await kubectl(dns, [
    ...['get', 'configmap/coredns', '--output=jsonpath={.data.Corefile}'],
  ]);
  try {
    await writeCorefile(`${corefile}${zone}`);
    expect(await lookUpByDefault()).toBe(away);
    await setSearchDomains([domain]);
    await work();
  } finally {
    await kubectl(apps, ['delete', 'pod', pod, '--ignore-not-found', '--wait=false']);
    await setSearchDomains(null);
    await writeCorefile(corefile);
  }
}
