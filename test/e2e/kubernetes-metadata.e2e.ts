import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { address } from '../../lib/model/addresses.ts';
import { ports } from '../../lib/model/ports.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { logIndexLabels } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { kubectl, kubectlJson, kubectlList } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { keyValues } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { runMantis } from './command.ts';
import { grantedPermissionsOf, serviceAccountUser } from './permissions.ts';
import { createSenders, postFrom, senders, twins } from './sender-pods.ts';

const { settings, target } = session;
const there = { ...target, namespace: `${target.namespace}-e2e-metadata` };
const collectorUrl = address('otlpHttp', settings);
const service = label(attributes.serviceName);
const pod = label(attributes.k8sPodName);

const podSchema = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({ nodeName: z.string() }),
  status: z.object({ podIP: z.string(), hostIP: z.string() }),
});

let replicas: z.output<typeof podSchema>[];
let collector: z.output<typeof podSchema>;

const readPods = () =>
  kubectlList(there, podSchema, ['get', 'pods', `--selector=app.kubernetes.io/name=${twins}`]);

beforeAll(async () => {
  await createSenders(there, collectorUrl);
  replicas = await readPods();
  collector = await kubectlJson(target, podSchema, ['get', 'pod', 'otel-collector-0']);
}, 200_000);

afterAll(() => kubectl(there, ['delete', 'namespace', there.namespace, '--wait=false']));

/** What the collector adds to telemetry of a replica, by label of Prometheus and Loki. */
const metadataOf = ({ metadata, spec }: z.output<typeof podSchema>) => ({
  [label(attributes.k8sNamespaceName)]: there.namespace,
  [pod]: metadata.name,
  [label(attributes.k8sNodeName)]: spec.nodeName,
  [label(attributes.k8sContainerName)]: twins,
  [label(attributes.k8sDeploymentName)]: twins,
  [label(attributes.serviceInstanceId)]: metadata.uid,
});

test('the counters of two replicas are two series, and their rate is the sum of both', () =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    // Prometheus adds _total. A pod's first second may precede its address in the API.
    const series = `${label(twins)}_total{${pod}!=""}`;
    const rates = await eventually('a minute of samples', async () => {
      const counted = await queryPrometheus(prometheus, `count_over_time(${series}[1m]) > 50`);
      if (counted.length < 2) throw new RetryLater(`${counted.length} series`);
      return queryPrometheus(prometheus, `rate(${series}[1m])`);
    });
    expect(rates.map(({ labels }) => labels).sort(byPod)).toMatchObject(
      replicas.map(metadataOf).sort(byPod),
    );
    // Each replica counts once a second, and what it does between takes time.
    const sum = rates.reduce((total, { value }) => total + value, 0);
    expect(sum).toBeGreaterThan(1);
    expect(sum).toBeLessThan(2.2);
  }));

type Labels = Readonly<Record<string, string>>;
const byPod = (a: Labels, b: Labels) => (a[pod] ?? '').localeCompare(b[pod] ?? '');

test('log lines and spans name the pod, workload and instance', () =>
  withUrls(['loki', 'tempo'], async ({ loki, tempo }) => {
    for (const replica of replicas) {
      const expected = metadataOf(replica);
      const query = `{${service}="${twins}"} | ${pod}="${replica.metadata.name}"`;
      const [line] = await eventually('a log line', async () => {
        const lines = await queryLoki(loki, query, nowSeconds() - 300);
        if (lines.length === 0) throw new RetryLater('none');
        return lines;
      });
      expect(line?.fields).toMatchObject(expected);
      const { name, uid } = replica.metadata;
      const conditions = Object.entries({
        [attributes.serviceName]: twins,
        [attributes.k8sNamespaceName]: there.namespace,
        [attributes.k8sPodName]: name,
        [attributes.k8sPodUid]: uid,
        [attributes.k8sDeploymentName]: twins,
        [attributes.serviceInstanceId]: uid,
      }).map(([key, value]) => `resource.${key} = "${value}"`);
      await eventually('a span', async () => {
        const range = { start: nowSeconds() - 300, end: nowSeconds() + 60 };
        const found = await searchTraces(tempo, `{ ${conditions.join(' && ')} }`, range);
        if (found.length === 0) throw new RetryLater('none');
      });
    }
  }));

test('request rates by namespace are generated from spans', () =>
  withUrls(['prometheus'], ({ prometheus }) =>
    eventually('span metrics', async () => {
      const selector = `service="${twins}", ${label(attributes.k8sNamespaceName)}="${there.namespace}"`;
      const found = await queryPrometheus(
        prometheus,
        `traces_spanmetrics_calls_total{${selector}}`,
      );
      if (found.length === 0) throw new RetryLater('none');
    }),
  ));

/** The labels that every log record may have, which are no metadata of its pod. */
const always = [...logIndexLabels.map(label), 'detected_level'].filter(
  (name) => name !== label(attributes.k8sNamespaceName),
);

/** Sends a log record with these resource attributes. @returns the fields that it is stored with */
async function storedFields(
  send: (body: object) => Promise<void>,
  resource: Readonly<Record<string, string>> = {},
): Promise<Labels> {
  const marker = randomUUID();
  const start = nowSeconds() - 60;
  await send({
    resourceLogs: [
      {
        resource: {
          attributes: keyValues({ [attributes.serviceName]: 'mantis-e2e-probe', ...resource }),
        },
        scopeLogs: [
          {
            logRecords: [{ timeUnixNano: `${Date.now()}000000`, body: { stringValue: marker } }],
          },
        ],
      },
    ],
  });
  return withUrls(['loki'], ({ loki }) =>
    eventually('the log record', async () => {
      const [line] = await queryLoki(loki, `{${service}="mantis-e2e-probe"} |= "${marker}"`, start);
      if (line === undefined) throw new RetryLater('not stored');
      const fields = Object.entries(line.fields).filter(([name]) => !always.includes(name));
      return Object.fromEntries(fields);
    }),
  );
}

const from = (sender: string) => (body: object) =>
  postFrom(there, sender, `${collectorUrl}/v1/logs`, body);

const inLabels = (resource: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(resource).map(([name, value]) => [label(name), value]));

const unknownUid = '11111111-2222-3333-4444-555555555555';

describe('telemetry that does not come from its own pod', () => {
  test('of a pod that is known gets the metadata of that pod, not of the agent', async () => {
    const [replica] = replicas;
    if (replica === undefined) throw new Error('no replica');
    const { name, uid } = replica.metadata;
    const identities: readonly Labels[] = [
      { [attributes.k8sPodUid]: uid },
      { [attributes.k8sPodIp]: replica.status.podIP },
      { [attributes.k8sPodName]: name, [attributes.k8sNamespaceName]: there.namespace },
    ];
    for (const identity of identities) {
      expect(await storedFields(from(senders.agent), identity)).toMatchObject(metadataOf(replica));
    }
  });

  test('of a pod that is not known gets nothing but its uid as instance', async () => {
    const fields = await storedFields(from(senders.agent), { [attributes.k8sPodUid]: unknownUid });
    expect(fields).toEqual({
      [label(attributes.k8sPodUid)]: unknownUid,
      [label(attributes.serviceInstanceId)]: unknownUid,
    });
  });

  test('of another cluster gets nothing, although its pod has the name of one in this cluster', async () => {
    const resource = {
      [attributes.k8sPodName]: replicas[0]?.metadata.name ?? '',
      [attributes.k8sNamespaceName]: there.namespace,
    };
    const other = { ...resource, [attributes.k8sClusterName]: 'e2e-other' };
    expect(await storedFields(from(senders.agent), other)).toEqual(inLabels(resource));
  });

  test('from an agent with the label gets nothing of the agent', async () => {
    const resource = { [attributes.k8sNodeName]: 'a-node' };
    const sent = await storedFields(from(senders.labelledAgent), resource);
    expect(sent).toEqual(inLabels(resource));
    // Without the label, the agent would be its pod.
    expect(await storedFields(from(senders.agent), resource)).toMatchObject({
      [pod]: senders.agent,
    });
  });

  test('from the host network, or through a node port, gets nothing', async () => {
    const { podIP, hostIP } = collector.status;
    const send = (host: string, port: number) => (body: object) =>
      postFrom(there, senders.onHostNetwork, `http://${host}:${port}/v1/logs`, body);
    const direct = send(podIP, ports['otel-collector'].otlpHttp.number);
    expect(await storedFields(direct)).toEqual({});
    const ofNode = { [attributes.k8sPodIp]: hostIP };
    expect(await storedFields(direct, ofNode)).toEqual(inLabels(ofNode));
    if (!isLocal(session)) return;
    expect(await storedFields(send(hostIP, nodePorts.otlpHttp))).toEqual({});
  });

  test('of an event is not an instance of the pod that the event is about', async () => {
    const [replica] = replicas;
    const fields = await storedFields(from(senders.agent), {
      'k8s.object.kind': 'Pod',
      [attributes.k8sPodUid]: replica?.metadata.uid ?? '',
    });
    expect(fields).toMatchObject({ [pod]: replica?.metadata.name });
    expect(fields).not.toHaveProperty(label(attributes.serviceInstanceId));
  });
});

test('what a sender sets is kept', async () => {
  const own = { [attributes.serviceInstanceId]: 'mine', [attributes.k8sDeploymentName]: 'mine' };
  const fields = await storedFields(from(senders.agent), own);
  expect(fields).toMatchObject({ ...inLabels(own), [pod]: senders.agent });
});

describe('disabled', () => {
  const deploy = (variables: Readonly<Record<string, string>>) =>
    runMantis(['deploy', '--yes', '--wait', '4m'], variables);

  afterAll(async () => {
    expect(await deploy({})).toMatchObject({ code: 0 });
  }, 300_000);

  test('nothing is added, and the collector has no token and no permission', async () => {
    const { code, stdout, stderr } = await deploy({
      MANTIS_COLLECTOR_KUBERNETES_METADATA_ENABLED: 'false',
    });
    expect(code === 0 ? 'deployed' : `${stdout}\n${stderr}`).toBe('deployed');
    expect(await grantedPermissionsOf(serviceAccountUser('otel-collector'))).toEqual([]);
    const kinds = 'serviceaccounts,clusterroles,clusterrolebindings';
    const names = await kubectl(target, ['get', kinds, '--output=name']);
    expect(names).toContain('prometheus');
    expect(names).not.toContain('otel-collector');
    // A pod that still names the deleted ServiceAccount would never come back.
    await kubectl(target, ['delete', 'pod', 'otel-collector-0']);
    await waitForRollout(target, { timeoutSeconds: 120 });
    const spec = await kubectl(target, ['get', 'pod', 'otel-collector-0', '--output=json']);
    expect(spec).not.toContain('serviceAccountToken');
    expect(await storedFields(from(senders.agent))).toEqual({});
  }, 300_000);
});
