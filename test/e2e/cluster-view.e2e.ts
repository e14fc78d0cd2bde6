import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { metricAlerts } from '../../alerts/index.ts';
import { podTemplate } from '../../lib/kubernetes/pod.ts';
import { host } from '../../lib/model/addresses.ts';
import { imageReference, images } from '../../lib/model/images.ts';
import { annotationKeys, labelKeys } from '../../lib/model/labels.ts';
import { ports } from '../../lib/model/ports.ts';
import { kubeMetrics, nodeHostMetrics } from '../../lib/telemetry/cluster.ts';
import { eventService } from '../../lib/telemetry/logs.ts';
import { prometheusName } from '../../lib/telemetry/metric.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { apply } from '../../ops/cluster/apply.ts';
import { exists, kubectl } from '../../ops/cluster/kubectl.ts';
import { readManifests } from '../../ops/cluster/manifests.ts';
import { prune } from '../../ops/cluster/prune.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { keepOnPrune, writeManifests } from '../../ops/deploy/deploy.ts';
import { inspectImages, loadImages } from '../../ops/local/node-images.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { countLoki, queryLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { probeFrom } from './connection-probe.ts';
import { grantedPermissionsOf, serviceAccountUser } from './permissions.ts';
import { expectedAlerts, unhealthyObjects } from './unhealthy-objects.ts';

const { settings, target } = session;
const wasEnabled = settings.clusterView.enabled;
/** The test enables the cluster view on a local cluster only. */
const mayEnable = wasEnabled || isLocal(session);
if (!mayEnable) process.stderr.write('SKIPPED: the cluster view: clusterView.enabled is false\n');
const describeView = mayEnable ? describe : describe.skip;
const view = settings.clusterView.namespace;
/** A namespace of an app without instrumentation, with a new name for each run. */
const otherNamespace = { ...target, namespace: `mantis-e2e-${randomBytes(4).toString('hex')}` };
const viewNamespace = { ...target, namespace: view };

const lines = 300;
const traceId = randomBytes(16).toString('hex');
const start = nowSeconds();
const rules = metricAlerts({
  ...settings,
  clusterView: { ...settings.clusterView, enabled: true },
});
let withoutKubeStateMetrics = false;

/** Prints ten numbered lines a second, one with a trace id, and one that the CRI splits. */
const script = `
let n = 0;
const timer = setInterval(() => {
  n += 1;
  console.log('line ' + n);
  if (n === 5) console.log(JSON.stringify({ level: 'error', msg: 'it failed', trace_id: '${traceId}' }));
  if (n === 6) console.log('long ' + 'x'.repeat(40000) + ' end');
  if (n === ${lines}) clearInterval(timer);
}, 100);
setInterval(() => {}, 60000);
`;

/** Prints stack traces to one stream, and single lines to the other in between. */
const stackTraces = `
let n = 0;
setInterval(() => {
  n += 1;
  console.error('Error: number ' + n);
  console.log('between ' + n);
  console.error('    at first (a.js:1)');
  console.error('    at second (b.js:2)');
}, 500);
`;

function printerPod(
  name: string,
  annotations: Record<string, string> = {},
  { container = 'printer', program = script } = {},
): object {
  const { metadata, spec } = podTemplate({
    name: container,
    image: images.testApp,
    platform: settings,
    resources: { cpu: '10m', memory: Size.mebibytes(32), memoryLimit: Size.mebibytes(128) },
    ports: [],
    args: ['--eval', program],
    env: [],
    configDirectories: [],
    emptyDirs: [],
    terminationGracePeriodSeconds: 0,
    labels: { [labelKeys.name]: 'printer' },
    annotations,
  });
  const chart = new Chart(new App(), name);
  return new k8s.KubePod(chart, 'pod', { metadata: { ...metadata, name }, spec }).toJson();
}

async function createPods(...pods: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods });
  await kubectl(otherNamespace, ['apply', '--filename=-'], { input });
}

const logsOf = (pod: string) =>
  `{k8s_namespace_name="${otherNamespace.namespace}", service_name=~".+"} | k8s_pod_name="${pod}" | log_iostream="stdout"`;

/** The number of stored lines of a pod, and of distinct ones. */
async function countLines(loki: string, pod: string): Promise<[all: number, distinct: number]> {
  const numbered = `${logsOf(pod)} | regexp "^line (?P<n>[0-9]+)$" | n!=""`;
  const counted = `count_over_time(${numbered} [30m])`;
  return Promise.all([
    countLoki(loki, `sum(${counted})`, nowSeconds()),
    countLoki(loki, `count(sum by (n) (${counted}))`, nowSeconds()),
  ]);
}

async function deployClusterView(enabled: boolean): Promise<void> {
  const directory = '.build/e2e-cluster-view';
  const logs = {
    ...settings.clusterView.logs,
    multiline: [{ containers: ['stack-traces'], firstLine: '^\\S' }],
  };
  const clusterView = { ...settings.clusterView, enabled, logs };
  writeManifests({ target, settings: { ...settings, clusterView } }, directory);
  if (withoutKubeStateMetrics)
    rmSync(join(directory, '0730-kube-state-metrics.k8s.yaml'), { force: true });
  await apply(target, directory);
  await prune(target, readManifests(directory), keepOnPrune(session));
  await waitForRollout(target, { timeoutSeconds: 300, onReady: () => {} });
}

/** Loads the image; it may be missing, as only the cluster view uses it. */
async function isKubeStateMetricsImageMissing(): Promise<boolean> {
  if (wasEnabled || !isLocal(session)) return false;
  const reference = imageReference(images.kubeStateMetrics, settings);
  const { clusterName } = settings.kind;
  const { load, pull } = await inspectImages(clusterName, [reference]);
  await loadImages(clusterName, load);
  if (pull.length === 0) return false;
  process.stderr.write(`SKIPPED: kube-state-metrics: ${reference} is not on this machine\n`);
  return true;
}

describeView('the cluster view', () => {
  beforeAll(async () => {
    withoutKubeStateMetrics = await isKubeStateMetricsImageMissing();
    if (!wasEnabled) await deployClusterView(true);
    await kubectl(target, ['create', 'namespace', otherNamespace.namespace]);
    await createPods(
      printerPod('replaced'),
      printerPod('sends-otlp', { [annotationKeys.logs]: 'otlp' }),
      printerPod('traces', {}, { container: 'stack-traces', program: stackTraces }),
      ...unhealthyObjects,
    );
  }, 600_000);

  afterAll(async () => {
    await kubectl(target, ['delete', 'namespace', otherNamespace.namespace, '--wait=false']);
  });

  test('every log line of a pod is stored exactly once, even if the node collector is replaced', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      await eventually('the first lines', async () => {
        const [all] = await countLines(loki, 'replaced');
        if (all === 0) throw new RetryLater('none yet');
      });
      await kubectl(viewNamespace, ['rollout', 'restart', 'daemonset/node-collector']);
      await waitForRollout(target, { timeoutSeconds: 200, onReady: () => {} });
      await eventually('all lines', async () => {
        const [, distinct] = await countLines(loki, 'replaced');
        if (distinct < lines) throw new RetryLater(`${distinct} of ${lines}`);
      });
      expect(await countLines(loki, 'replaced')).toEqual([lines, lines]);
    });
  });

  test('a log line has the attributes of its pod, and its trace id', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      const [line, ...others] = await queryLoki(
        loki,
        `${logsOf('replaced')} |= "it failed"`,
        start,
      );
      expect(others).toEqual([]);
      expect(line?.fields).toMatchObject({
        service_name: 'printer',
        trace_id: traceId,
        detected_level: 'error',
        k8s_namespace_name: otherNamespace.namespace,
        k8s_pod_name: 'replaced',
        k8s_container_name: 'printer',
        k8s_node_name: expect.stringMatching(/./),
      });
    });
  });

  test('a line that the CRI split is joined', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      const found = await queryLoki(loki, `${logsOf('replaced')} |= "long "`, start);
      expect(found.map(({ line }) => line.length)).toEqual(['long  end'.length + 40_000]);
    });
  });

  (wasEnabled ? test.skip : test)('a stack trace is one record', async () => {
    const query = `{k8s_namespace_name="${otherNamespace.namespace}", service_name=~".+"} | k8s_pod_name="traces"`;
    await withUrls(['loki'], async ({ loki }) => {
      const found = await eventually('stack traces', async () => {
        const records = await queryLoki(loki, query, start);
        if (records.length < 10) throw new RetryLater(`${records.length} records`);
        return records.map(({ line }) => line);
      });
      const numbers = (pattern: RegExp) =>
        found.flatMap((line) => pattern.exec(line)?.[1] ?? []).sort();
      const whole = numbers(
        /^Error: number (\d+)\n {4}at first \(a\.js:1\)\n {4}at second \(b\.js:2\)$/,
      );
      expect(whole.length).toBeGreaterThan(3);
      expect(found.filter((line) => !/^(Error: number|between) \d+/.test(line))).toEqual([]);
      expect(numbers(/^between (\d+)$/).length).toBeGreaterThan(3);
    });
  });

  test.each(expectedAlerts)('the condition of $alert is fulfilled by $labels', async (expected) => {
    if (withoutKubeStateMetrics) return;
    const rule = rules.find(({ alert }) => alert === expected.alert);
    await withUrls(['prometheus'], ({ prometheus }) =>
      eventually(expected.alert, async () => {
        const samples = await queryPrometheus(prometheus, rule?.expr ?? '');
        const own = samples.filter(({ labels }) => labels.namespace === otherNamespace.namespace);
        if (own.length === 0) throw new RetryLater('nothing');
        expect(own.map(({ labels }) => labels)).toContainEqual({
          namespace: otherNamespace.namespace,
          ...expected.labels,
        });
      }),
    );
  });

  test('the kubelets report when their certificates expire', async () => {
    await withUrls(['prometheus'], async ({ prometheus }) => {
      const query = `min by (node) (${stackMetrics.kubeletCertificateTtl})`;
      const [sample] = await queryPrometheus(prometheus, query);
      expect(sample?.value).toBeGreaterThan(3600);
    });
  });

  test('logs of pods that send them by OTLP, and of the stack, are not collected', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      const count = (lines: string) =>
        countLoki(loki, `sum(count_over_time(${lines} [30m]))`, nowSeconds());
      expect(await count(logsOf('sends-otlp'))).toBe(0);
      for (const namespace of [target.namespace, view]) {
        const printed = `{k8s_namespace_name="${namespace}", service_name=~".+"} | log_iostream=~".+"`;
        expect(await count(printed)).toBe(0);
      }
    });
  });

  test('no line is lost when a node collector is killed', async () => {
    await createPods(printerPod('killed'));
    await withUrls(['loki'], async ({ loki }) => {
      await eventually('the first lines', async () => {
        const [all] = await countLines(loki, 'killed');
        if (all === 0) throw new RetryLater('none yet');
      });
      const selector = `--selector=${labelKeys.name}=node-collector`;
      await kubectl(viewNamespace, ['delete', 'pod', selector, '--force', '--grace-period=0']);
      await waitForRollout(target, { timeoutSeconds: 200, onReady: () => {} });
      await eventually('all lines', async () => {
        const [, distinct] = await countLines(loki, 'killed');
        if (distinct < lines) throw new RetryLater(`${distinct} of ${lines}`);
      });
    });
  });

  test('lines printed while the collector is down are stored when it is back', async () => {
    const scale = (replicas: number) =>
      kubectl(target, ['scale', 'statefulset/otel-collector', `--replicas=${replicas}`]);
    await scale(0);
    try {
      await kubectl(target, ['wait', '--for=delete', 'pod/otel-collector-0', '--timeout=90s']);
      await createPods(printerPod('meanwhile'));
      const args = ['wait', '--for=condition=Ready', 'pod/meanwhile', '--timeout=60s'];
      await kubectl(otherNamespace, args);
      await new Promise((resolve) => setTimeout(resolve, lines * 100));
    } finally {
      await scale(1);
    }
    await withUrls(['loki'], async ({ loki }) => {
      await eventually('all lines', async () => {
        const [, distinct] = await countLines(loki, 'meanwhile');
        if (distinct < lines) throw new RetryLater(`${distinct} of ${lines}`);
      });
      expect(await countLines(loki, 'meanwhile')).toEqual([lines, lines]);
    });
  });

  test('an event is a log line with the attributes of its object', async () => {
    await withUrls(['loki'], ({ loki }) =>
      eventually('the event', async () => {
        const query = `{service_name="${eventService}", k8s_namespace_name="${otherNamespace.namespace}"} | k8s_pod_name="killed" | k8s_event_reason="Started"`;
        const [event] = await queryLoki(loki, query, start);
        if (event === undefined) throw new RetryLater('not there');
        expect(event.line).toMatch(/^Pod\/killed Started: /);
      }),
    );
  });

  test('Prometheus has the resources of nodes and the state of workloads', async () => {
    const wanted = [
      ...Object.values(nodeHostMetrics).map(prometheusName),
      ...(withoutKubeStateMetrics ? [] : [`${kubeMetrics.podInfo}{pod="replaced"}`]),
    ];
    await withUrls(['prometheus'], async ({ prometheus }) => {
      for (const query of wanted) {
        await eventually(query, async () => {
          const [sample] = await queryPrometheus(prometheus, query);
          if (sample === undefined) throw new RetryLater('no series');
          expect(sample.value).toBeGreaterThanOrEqual(0);
        });
      }
    });
  });

  test.each([
    ['node-collector', [' nodes/stats get', ' pods get,list,watch']],
    ['event-collector', [' events get,list,watch']],
  ])('%s has exactly the permissions it needs', async (name, golden) => {
    expect(await grantedPermissionsOf(serviceAccountUser(name, view))).toEqual(golden);
  });

  test('other pods cannot reach its metrics', async () => {
    const { connections } = await probeFrom(
      'replaced',
      'printer',
      [
        {
          name: 'event-collector',
          host: host('event-collector', settings),
          port: ports['event-collector'].metrics.number,
        },
        {
          name: 'kube-state-metrics',
          host: host('kube-state-metrics', settings),
          port: ports['kube-state-metrics'].http.number,
        },
      ],
      otherNamespace.namespace,
    );
    expect(connections).toEqual({ 'event-collector': 'blocked', 'kube-state-metrics': 'blocked' });
  });

  (wasEnabled ? test.skip : test)('disabling it removes all of its objects', async () => {
    await deployClusterView(false);
    await eventually('its namespace to be deleted', async () => {
      if (await exists(target, 'namespace', view)) throw new RetryLater('it exists');
    });
    const roles = await kubectl(target, [
      'get',
      'clusterroles,clusterrolebindings',
      '--output=name',
    ]);
    expect(roles).not.toContain(`/${view}-`);
  });
});
