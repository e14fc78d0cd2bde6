import { forwarderLabel, labelKeys } from '../../lib/model/labels.ts';
import { kubectl, type Target } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { session } from './cluster.ts';

/** The service.name of what each replica sends. It sets no other attribute, and ids end with it. */
export const twins = 'mantis-e2e-twins';

/** Once a second a replica counts one, and sends its counter, a log line and a span. */
async function sendTelemetry(url: string, service: string): Promise<void> {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const post = (path: string, body: object) =>
    fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(console.error);
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  const resource = { attributes };
  // As replicas that have run for different times; one series of both would rise by that each time.
  let count = Math.floor(Math.random() * 1_000_000);
  const start = Date.now() - count * 1000;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    count += 1;
    const now = `${Date.now()}000000`;
    const point = { startTimeUnixNano: `${start}000000`, timeUnixNano: now, asInt: `${count}` };
    const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] };
    const metrics = [{ name: service, sum }];
    const spans = [
      {
        traceId: randomBytes(16).toString('hex'),
        spanId: randomBytes(8).toString('hex'),
        name: 'turn',
        kind: 2,
        startTimeUnixNano: now,
        endTimeUnixNano: now,
      },
    ];
    const logRecords = [{ timeUnixNano: now, body: { stringValue: 'turn' } }];
    await post('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
    await post('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
    await post('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
  }
}

interface Pod {
  readonly name: string;
  readonly script: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
}

const podTemplate = ({ name, script, labels, hostNetwork }: Pod) => ({
  metadata: { labels: { [labelKeys.name]: name, ...labels } },
  spec: {
    hostNetwork,
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name,
        image: appImageReference(session.settings),
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '--eval', script],
      },
    ],
  },
});

/** Idle pods from which `sendFrom` sends. */
export const senders = {
  /** Passes on the telemetry of others, without the label that says so. */
  agent: 'agent',
  labelledAgent: 'labelled-agent',
  onHostNetwork: 'host-network',
} as const;

const idle = 'setInterval(() => {}, 60_000)';

const idlePods: readonly Pod[] = [
  { name: senders.agent, script: idle },
  { name: senders.labelledAgent, script: idle, labels: { [forwarderLabel]: 'true' } },
  { name: senders.onHostNetwork, script: idle, hostNetwork: true },
];

/** A Deployment with two replicas that send, and the idle pods. */
export async function createSenders(target: Target, url: string): Promise<void> {
  const metadata = { name: twins };
  const template = podTemplate({
    name: twins,
    script: `(${sendTelemetry})(${JSON.stringify(url)}, '${twins}')`,
    labels: { team: 'blue' },
  });
  const selector = { matchLabels: { [labelKeys.name]: twins } };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: target.namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: 2, selector, template },
    },
    ...idlePods.map((pod) => {
      const { metadata: labelled, spec } = podTemplate(pod);
      return { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod.name, ...labelled }, spec };
    }),
  ];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(target, ['apply', '--filename=-'], { input });
  const names = Object.values(senders).map((name) => `pod/${name}`);
  await kubectl(target, ['wait', '--for=condition=Ready', ...names, '--timeout=90s']);
  await kubectl(target, ['rollout', 'status', `deployment/${twins}`, '--timeout=90s']);
}

/** Sends a request from a pod, by its own connection. */
export async function postFrom(
  target: Target,
  pod: string,
  url: string,
  body: object,
): Promise<void> {
  const script = `fetch(process.argv[1], { method: 'POST', headers: { 'content-type': 'application/json' }, body: process.argv[2] }).then((response) => process.exit(response.ok ? 0 : 1))`;
  const args = ['node', '--eval', script, url, JSON.stringify(body)];
  await kubectl(target, ['exec', pod, '--', ...args]);
}
