import { stringify } from 'yaml';
import { internalTelemetry } from '../../lib/collector/config.ts';
import { imageReference, images } from '../../lib/model/images.ts';
import { collectorMetrics } from '../../lib/telemetry/collector.ts';
import { kubectl, withoutNamespace } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { session } from './cluster.ts';
import { postFrom } from './sender-pods.ts';

const { settings, target } = session;
const there = { ...target, namespace: `${target.namespace}-e2e-vendor` };

/** URLs of the other side, within the cluster. */
export const vendorUrls = {
  otlp: `http://otlp.${there.namespace}:4318`,
  remoteWrite: `http://metrics.${there.namespace}:9090/api/v1/write`,
} as const;

/** A collector that requires a bearer token, and counts what one service sends. */
const collectorConfig = (token: string, service: string) => ({
  extensions: { bearertokenauth: { token } },
  receivers: {
    otlp: {
      protocols: {
        http: { endpoint: '0.0.0.0:4318', auth: { authenticator: 'bearertokenauth' } },
      },
    },
  },
  processors: {
    'filter/service': {
      logs: { log_record: [`resource.attributes["service.name"] != "${service}"`] },
      traces: { span: [`resource.attributes["service.name"] != "${service}"`] },
    },
  },
  exporters: { nop: {} },
  service: {
    extensions: ['bearertokenauth'],
    pipelines: {
      metrics: { receivers: ['otlp'], exporters: ['nop'] },
      logs: { receivers: ['otlp'], processors: ['filter/service'], exporters: ['nop'] },
      traces: { receivers: ['otlp'], processors: ['filter/service'], exporters: ['nop'] },
    },
    telemetry: internalTelemetry(8888),
  },
});

interface Server {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports: readonly number[];
}

const deployment = ({ name, image, command, args, ports }: Server) => {
  const labels = { app: name };
  const volumes = [
    { name: 'config', configMap: { name: 'config' } },
    { name: 'data', emptyDir: {} },
  ];
  const volumeMounts = [
    { name: 'config', mountPath: '/etc/vendor' },
    { name: 'data', mountPath: '/data' },
  ];
  const container = {
    ...{ name, image, command, args, volumeMounts },
    imagePullPolicy: 'IfNotPresent',
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [container], volumes },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: {
        selector: labels,
        ports: ports.map((port) => ({ name: `port-${port}`, port })),
      },
    },
  ];
};

/** Creates a namespace with a collector and a Prometheus, to which the stack sends. */
export async function createVendor(token: string, service: string): Promise<void> {
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: there.namespace } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config' },
      data: {
        'collector.yaml': stringify(collectorConfig(token, service)),
        'prometheus.yaml': stringify({ global: {} }),
      },
    },
    ...deployment({
      name: 'otlp',
      image: imageReference(images.collector, settings),
      args: ['--config=/etc/vendor/collector.yaml'],
      ports: [4318, 8888],
    }),
    ...deployment({
      name: 'metrics',
      image: imageReference(images.prometheus, settings),
      args: [
        '--config.file=/etc/vendor/prometheus.yaml',
        '--storage.tsdb.path=/prometheus',
        '--web.enable-remote-write-receiver',
      ],
      ports: [9090],
    }),
    ...deployment({
      name: 'sender',
      image: appImageReference(settings),
      command: ['node', '--eval', 'setInterval(() => {}, 60_000)'],
      ports: [80],
    }),
  ];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(there, ['apply', '--filename=-'], { input });
  for (const name of ['otlp', 'metrics', 'sender']) await waitFor(name);
}

/** Sends a request from a pod outside the stack. */
export async function postFromVendor(url: string, body: object): Promise<void> {
  await postFrom(there, 'deployment/sender', url, body);
}

const waitFor = (name: string) =>
  kubectl(there, ['rollout', 'status', `deployment/${name}`, '--timeout=120s']);

export async function deleteVendor(): Promise<void> {
  const args = ['delete', 'namespace', there.namespace, '--ignore-not-found'];
  await kubectl(withoutNamespace(there), args);
}

export async function stopVendor(name: 'otlp' | 'metrics'): Promise<void> {
  await kubectl(there, ['scale', '--replicas=0', `deployment/${name}`]);
  await kubectl(there, ['wait', '--for=delete', 'pod', `--selector=app=${name}`, '--timeout=60s']);
}

export async function startVendor(): Promise<void> {
  await kubectl(there, ['scale', '--replicas=1', 'deployment/otlp']);
  await waitFor('otlp');
}

const raw = (path: string) =>
  kubectl(withoutNamespace(there), [
    'get',
    '--raw',
    `/api/v1/namespaces/${there.namespace}/services/${path}`,
  ]);

/** The items of the service that the collector has received since it started. */
export async function receivedByVendor(signal: 'logs' | 'traces'): Promise<number> {
  const page = parsePage(await raw('otlp:8888/proxy/metrics'));
  return sumSamples(page, collectorMetrics.outgoingItems, {
    processor: 'filter/service',
    otel_signal: signal,
  });
}

/** The number of series that a query of the other Prometheus finds. */
export async function seriesOfVendor(query: string): Promise<number> {
  const answer = await raw(`metrics:9090/proxy/api/v1/query?query=${encodeURIComponent(query)}`);
  return JSON.parse(answer).data.result.length;
}
