import { App, Chart, YamlOutputType } from 'cdk8s';
import { lokiRuleFiles } from '../../alerts/index.ts';
import { Namespace } from '../../lib/kubernetes/namespace.ts';
import { Loki } from '../../lib/loki/loki.ts';
import { Tempo } from '../../lib/tempo/tempo.ts';
import { applyFlags } from '../../ops/cluster/apply.ts';
import { kubectl, withoutNamespace } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { session } from './cluster.ts';

const { settings, target } = session;
const there = { ...target, namespace: `${target.namespace}-e2e-stores` };
const { namespace } = there;

/** Where the stores are, without credentials, and behind a proxy that requires them. */
export const storeUrls = {
  namespace,
  loki: `http://loki.${namespace}.svc:3100`,
  tempo: `http://tempo.${namespace}.svc:3200`,
  tempoOtlp: `http://tempo.${namespace}.svc:4318`,
  proxiedLoki: `http://proxy.${namespace}.svc:8100`,
  proxiedTempo: `http://proxy.${namespace}.svc:8200`,
  proxiedTempoOtlp: `http://proxy.${namespace}.svc:8318`,
} as const;

export const login = {
  token: 'e2e-token',
  username: 'e2e',
  password: 'e2e-$password',
  tenant: 'team-a',
} as const;

/** A proxy in front of each port, with a bearer token for Loki and a password for Tempo. */
function proxy(
  ports: Record<string, string>,
  wanted: Record<string, string>,
  tenant: string,
): void {
  const http = process.getBuiltinModule('node:http');
  for (const [port, to] of Object.entries(ports)) {
    const server = http.createServer((request, response) => {
      const { headers } = request;
      if (headers.authorization !== wanted[port] || headers['x-scope-orgid'] !== tenant) {
        request.resume();
        response.writeHead(401).end('no access\n');
        return;
      }
      const options = { method: request.method, headers };
      const ahead = http.request(`${to}${request.url}`, options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      ahead.on('error', () => response.writeHead(502).end());
      request.pipe(ahead);
    });
    server.listen(Number(port));
  }
}

function proxyManifests(): object[] {
  const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  const ports = { 8100: 'http://loki:3100', 8200: 'http://tempo:3200', 8318: 'http://tempo:4318' };
  const wanted = { 8100: `Bearer ${login.token}`, 8200: `Basic ${basic}`, 8318: `Basic ${basic}` };
  const args = [ports, wanted, login.tenant].map((each) => JSON.stringify(each)).join(', ');
  const labels = { app: 'proxy' };
  const container = {
    name: 'proxy',
    image: appImageReference(settings),
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '--eval', `(${proxy})(${args})`],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  const spec = {
    terminationGracePeriodSeconds: 1,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'proxy', namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'proxy', namespace },
      spec: {
        selector: labels,
        ports: Object.keys(ports).map((port) => ({ name: `port-${port}`, port: Number(port) })),
      },
    },
  ];
}

/** Creates a namespace, restricted, with a Loki and a Tempo that write to the stack's Prometheus. */
export async function createStores(): Promise<void> {
  const stack = (service: string) => `http://${service}.${target.namespace}.svc`;
  const remoteWriteUrl = `${stack('prometheus')}:9090/api/v1/write`;
  const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_APP });
  new Namespace(new Chart(app, 'namespace'), 'namespace', namespace);
  const chart = new Chart(app, 'stores', { namespace });
  const size = { cpu: '10m', memory: '64Mi', storage: '64Mi' };
  new Loki(chart, 'loki', {
    ...size,
    remoteWriteUrl,
    alertmanagerUrl: `${stack('alertmanager')}:9093`,
    rules: lokiRuleFiles(settings),
  });
  new Tempo(chart, 'tempo', { ...size, remoteWriteUrl });
  const manifests = [...app.charts.flatMap((each) => each.toJson()), ...proxyManifests()];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const [first] = manifests;
  await kubectl(withoutNamespace(there), ['apply', ...applyFlags, '--filename=-'], {
    input: JSON.stringify(first),
  });
  await kubectl(withoutNamespace(there), ['apply', ...applyFlags, '--filename=-'], { input });
  for (const name of ['statefulset/loki', 'statefulset/tempo', 'deployment/proxy']) {
    await kubectl(there, ['rollout', 'status', name, '--timeout=300s']);
  }
}

export async function deleteStores(): Promise<void> {
  const args = ['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false'];
  await kubectl(withoutNamespace(there), args);
}
