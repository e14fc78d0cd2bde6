import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Size, YamlOutputType } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { podPeer, tcpPort } from '../../lib/kubernetes/network-policies.ts';
import { podTemplate } from '../../lib/kubernetes/pod.ts';
import { images } from '../../lib/model/images.ts';
import { commonLabels, selectorLabels } from '../../lib/model/labels.ts';
import { applyManifests } from '../../ops/cluster/apply.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { type Forward, forward } from '../../ops/connections/port-forward.ts';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';

const name = 'alert-receiver';
const port = 8080;

export const receiverPort = port;
export const receiverUrl = (path: string) => `http://${name}:${port}${path}`;

const notification = z.object({
  at: z.number(),
  alert: z.object({
    status: z.enum(['firing', 'resolved']),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
});

export type Notification = z.output<typeof notification>;

/** A webhook in the cluster that stores the notifications it receives. */
export class AlertReceiver {
  private readonly connection: Forward;

  private constructor(connection: Forward) {
    this.connection = connection;
  }

  /** Deploys it to the namespace of the stack. */
  static async deploy({ settings, target }: Session): Promise<AlertReceiver> {
    const outdir = '.build/alert-receiver';
    const app = new App({
      outdir,
      outputFileExtension: '.k8s.yaml',
      yamlOutputType: YamlOutputType.FILE_PER_CHART,
    });
    buildReceiver(new Chart(app, name, { namespace: settings.namespace }), { settings, target });
    app.synth();
    await AlertReceiver.remove({ settings, target });
    await applyManifests(target, outdir);
    await kubectl(target, ['rollout', 'status', `deployment/${name}`, '--timeout=120s']);
    const [pod = ''] = (
      await kubectl(target, [
        'get',
        'pods',
        `--selector=app.kubernetes.io/name=${name}`,
        '-o',
        'name',
      ])
    ).split('\n');
    return new AlertReceiver(
      await forward(target, { resource: pod as `pod/${string}`, remotePort: port }),
    );
  }

  static async remove({ target }: Session): Promise<void> {
    const kinds = 'deployment,service,configmap,networkpolicy';
    const selector = `--selector=app.kubernetes.io/name=${name}`;
    await kubectl(target, ['delete', kinds, selector, '--ignore-not-found', '--wait=true']);
  }

  /** The notifications, oldest first. */
  received(): Promise<Notification[]> {
    return fetchJson(this.connection.url, '/', z.array(notification));
  }

  /** Makes it reject requests to /failing, or accept them again. */
  async setFailing(on: boolean): Promise<void> {
    await fetchText(this.connection.url, '/fault', { method: on ? 'PUT' : 'DELETE' });
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

function buildReceiver(chart: Chart, { settings }: Session): void {
  const selector = selectorLabels(name);
  const labels = { ...selector, ...commonLabels };
  const metadata = { name, labels };
  const mountPath = '/receiver';
  const template = podTemplate({
    name,
    image: images.testApp,
    platform: settings,
    resources: { cpu: '10m', memory: Size.mebibytes(48), memoryLimit: Size.mebibytes(128) },
    ports: [{ name: 'http', number: port }],
    args: [`${mountPath}/server.ts`],
    env: [],
    configDirectories: [{ configMaps: [name], mountPath }],
    emptyDirs: [],
    terminationGracePeriodSeconds: 1,
    labels,
    annotations: {},
  });
  const program = readFileSync(join(import.meta.dirname, 'alert-receiver-server.ts'), 'utf8');
  new k8s.KubeConfigMap(chart, 'program', { metadata, data: { 'server.ts': program } });
  new k8s.KubeService(chart, 'service', { metadata, spec: { selector, ports: [{ port }] } });
  new k8s.KubeDeployment(chart, 'deployment', {
    metadata,
    spec: { selector: { matchLabels: selector }, template },
  });
  new k8s.KubeNetworkPolicy(chart, 'policy', {
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress'],
      ingress: [{ from: [podPeer('alertmanager')], ports: [tcpPort(port)] }],
    },
  });
}
