import { stringify } from 'yaml';
import { internalTelemetry } from '../../lib/collector/config.ts';
import { forwardConfig } from '../../lib/collector/exporters/forward.ts';
import { imageReference, images } from '../../lib/model/images.ts';
import { type SettingsInput, settingsSchema } from '../../lib/schema.ts';
import { signals } from '../../lib/telemetry/signal.ts';
import { kubectl, type Target } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { session } from './cluster.ts';
import { postFrom } from './sender-pods.ts';

const { settings } = session;

type Forward = NonNullable<NonNullable<SettingsInput['collector']>['forward']>[number];

/** The exporters of `collector.forward` in a collector that does nothing else. */
function forwarderConfig(destinations: readonly Forward[]) {
  const { collector } = settingsSchema.parse({
    networkPolicies: false,
    collector: { forward: destinations, mountedConfigMaps: ['ca'], secret: 'token' },
  });
  const { connectors, processors, exporters, pipelines, exportersOf } = forwardConfig(
    collector.forward,
  );
  return {
    extensions: { file_storage: { directory: '/queue' } },
    receivers: { otlp: { protocols: { http: { endpoint: '0.0.0.0:4318' } } } },
    processors,
    connectors,
    exporters,
    service: {
      extensions: ['file_storage'],
      pipelines: {
        ...Object.fromEntries(
          signals
            .filter((signal) => exportersOf(signal).length > 0)
            .map((signal) => [signal, { receivers: ['otlp'], exporters: exportersOf(signal) }]),
        ),
        ...pipelines,
      },
      telemetry: internalTelemetry(8888),
    },
  };
}

interface ForwarderProps {
  readonly destinations: readonly Forward[];
  /** The CA certificate of the destinations, at /etc/configmaps/ca/ca.crt. */
  readonly ca: string;
  readonly token: string;
}

/** Creates the collector of another cluster, here a pod, and one that sends to it. */
export async function createForwarder(there: Target, props: ForwarderProps): Promise<void> {
  const labels = { app: 'forwarder' };
  const pod = (name: string, container: object, volumes: object[] = []) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      // Of the collector's image, for the volume of the queue.
      ...(volumes.length > 0 && { securityContext: { fsGroup: images.collector.uid } }),
      containers: [{ name, imagePullPolicy: 'IfNotPresent', ...container }],
      volumes,
    },
  });
  const items = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config' },
      data: { 'collector.yaml': stringify(forwarderConfig(props.destinations)) },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ca' },
      data: { 'ca.crt': props.ca },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'forwarder' },
      spec: { selector: labels, ports: [{ port: 4318 }] },
    },
    pod(
      'forwarder',
      {
        image: imageReference(images.collector, settings),
        args: ['--config=/etc/otelcol/collector.yaml'],
        readinessProbe: { tcpSocket: { port: 4318 }, periodSeconds: 1 },
        env: [{ name: 'TOKEN', value: props.token }],
        volumeMounts: [
          { name: 'config', mountPath: '/etc/otelcol' },
          { name: 'ca', mountPath: '/etc/configmaps/ca' },
          { name: 'queue', mountPath: '/queue' },
        ],
      },
      [
        { name: 'config', configMap: { name: 'config' } },
        { name: 'ca', configMap: { name: 'ca' } },
        { name: 'queue', emptyDir: {} },
      ],
    ),
    pod('app', {
      image: appImageReference(settings),
      command: ['node', '--eval', 'setInterval(() => {}, 60_000)'],
    }),
  ];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(there, ['apply', '--filename=-'], { input });
  await kubectl(there, [
    ...['wait', '--for=condition=Ready', 'pod/forwarder', 'pod/app', '--timeout=180s'],
  ]);
}

export const sendThroughForwarder = (there: Target, path: string, body: object) =>
  postFrom(there, 'pod/app', `http://forwarder:4318${path}`, body);
