import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { podTemplate } from '../../lib/kubernetes/pod.ts';
import { imageReference, images } from '../../lib/model/images.ts';
import { annotationKeys, labelKeys } from '../../lib/model/labels.ts';
import { host, viewPorts } from '../../lib/model/topology.ts';
import { kubeMetrics, nodeHostMetrics } from '../../lib/telemetry/cluster.ts';
import { eventService } from '../../lib/telemetry/logs.ts';
import { prometheusName } from '../../lib/telemetry/metric.ts';
import { apply } from '../../ops/cluster/apply.ts';
import { exists, kubectl } from '../../ops/cluster/kubectl.ts';
import { readManifests } from '../../ops/cluster/manifests.ts';
import { prune } from '../../ops/cluster/prune.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { keepFor, writeOutput } from '../../ops/deploy/deploy.ts';
import { inspectImages, loadImages } from '../../ops/local/node-images.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { countLoki, queryLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { lookFrom } from './probe.ts';
import { account, ownRightsOf } from './rights-of.ts';

const { settings, target } = session;
const wasOn = settings.clusterView.enabled;
/** Nobody's cluster is given a view of its nodes for the sake of a test, but for the local one. */
const mayLook = wasOn || isLocal(session);
if (!mayLook) process.stderr.write('SKIPPED: the cluster view: clusterView.enabled is false\n');
const onView = mayLook ? describe : describe.skip;
const view = settings.clusterView.namespace;
/** Whom nobody asked whether he sends telemetry; lines of an earlier run are not his. */
const strangers = { ...target, namespace: `mantis-e2e-${randomBytes(4).toString('hex')}` };
const viewed = { ...target, namespace: view };

const lines = 300;
const traceId = randomBytes(16).toString('hex');
const start = nowSeconds();
let withoutState = false;

/** Prints ten numbered lines a second, one with a trace id, and one longer than a line of CRI. */
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

function printer(name: string, annotations: Record<string, string> = {}): object {
  const { metadata, spec } = podTemplate({
    name: 'printer',
    image: images.testApp,
    platform: settings,
    resources: { cpu: '10m', memory: Size.mebibytes(32), memoryLimit: Size.mebibytes(128) },
    ports: [],
    args: ['--eval', script],
    env: [],
    config: [],
    scratch: [],
    terminationGracePeriodSeconds: 0,
    labels: { [labelKeys.name]: 'printer' },
    annotations,
  });
  const chart = new Chart(new App(), name);
  return new k8s.KubePod(chart, 'pod', { metadata: { ...metadata, name }, spec }).toJson();
}

async function print(...pods: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods });
  await kubectl(strangers, ['apply', '--filename=-'], { input });
}

const of = (pod: string) =>
  `{k8s_namespace_name="${strangers.namespace}", service_name=~".+"} | k8s_pod_name="${pod}" | log_iostream="stdout"`;

/** How many lines are stored of a pod, and how many different ones. */
async function countsOf(loki: string, pod: string): Promise<[all: number, different: number]> {
  const numbered = `${of(pod)} | regexp "^line (?P<n>[0-9]+)$" | n!=""`;
  const counted = `count_over_time(${numbered} [30m])`;
  return Promise.all([
    countLoki(loki, `sum(${counted})`, nowSeconds()),
    countLoki(loki, `count(sum by (n) (${counted}))`, nowSeconds()),
  ]);
}

async function bringAbout(enabled: boolean): Promise<void> {
  const directory = '.build/e2e-cluster-view';
  const clusterView = { ...settings.clusterView, enabled };
  writeOutput({ target, settings: { ...settings, clusterView } }, directory);
  if (withoutState) rmSync(join(directory, '0730-kube-state-metrics.k8s.yaml'), { force: true });
  await apply(target, directory);
  await prune(target, readManifests(directory), keepFor(session));
  await waitForRollout(target, { timeoutSeconds: 300, onReady: () => {} });
}

/** The image of the one part that the stack does not need otherwise may not be on this machine. */
async function stateIsMissing(): Promise<boolean> {
  if (wasOn || !isLocal(session)) return false;
  const reference = imageReference(images.kubeStateMetrics, settings);
  const { clusterName } = settings.kind;
  const { load, pull } = await inspectImages(clusterName, [reference]);
  await loadImages(clusterName, load);
  if (pull.length === 0) return false;
  process.stderr.write(`SKIPPED: kube-state-metrics: ${reference} is not on this machine\n`);
  return true;
}

onView('the cluster view', () => {
  beforeAll(async () => {
    withoutState = await stateIsMissing();
    if (!wasOn) await bringAbout(true);
    await kubectl(target, ['create', 'namespace', strangers.namespace]);
    await print(printer('replaced'), printer('sends-otlp', { [annotationKeys.logs]: 'otlp' }));
  }, 600_000);

  afterAll(async () => {
    await kubectl(target, ['delete', 'namespace', strangers.namespace, '--wait=false']);
  });

  test('every line of a stranger is there exactly once, though its collector was replaced', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      await eventually('the first lines', async () => {
        const [all] = await countsOf(loki, 'replaced');
        if (all === 0) throw new NotYet('none yet');
      });
      await kubectl(viewed, ['rollout', 'restart', 'daemonset/node-collector']);
      await waitForRollout(target, { timeoutSeconds: 200, onReady: () => {} });
      await eventually('all lines', async () => {
        const [, different] = await countsOf(loki, 'replaced');
        if (different < lines) throw new NotYet(`${different} of ${lines}`);
      });
      expect(await countsOf(loki, 'replaced')).toEqual([lines, lines]);
    });
  });

  test('a line leads to its pod, and one with a trace id to its trace', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      const [line, ...others] = await queryLoki(loki, `${of('replaced')} |= "it failed"`, start);
      expect(others).toEqual([]);
      expect(line?.fields).toMatchObject({
        service_name: 'printer',
        trace_id: traceId,
        detected_level: 'error',
        k8s_namespace_name: strangers.namespace,
        k8s_pod_name: 'replaced',
        k8s_container_name: 'printer',
        k8s_node_name: expect.stringMatching(/./),
      });
    });
  });

  test('a line in parts is one again', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      const found = await queryLoki(loki, `${of('replaced')} |= "long "`, start);
      expect(found.map(({ line }) => line.length)).toEqual(['long  end'.length + 40_000]);
    });
  });

  test('a pod that says that it sends its logs is not read, nor is the stack', async () => {
    await withUrls(['loki'], async ({ loki }) => {
      const count = (lines: string) =>
        countLoki(loki, `sum(count_over_time(${lines} [30m]))`, nowSeconds());
      expect(await count(of('sends-otlp'))).toBe(0);
      for (const namespace of [target.namespace, view]) {
        const printed = `{k8s_namespace_name="${namespace}", service_name=~".+"} | log_iostream=~".+"`;
        expect(await count(printed)).toBe(0);
      }
    });
  });

  test('nothing is missing after a collector was killed', async () => {
    await print(printer('killed'));
    await withUrls(['loki'], async ({ loki }) => {
      await eventually('the first lines', async () => {
        const [all] = await countsOf(loki, 'killed');
        if (all === 0) throw new NotYet('none yet');
      });
      const selector = `--selector=${labelKeys.name}=node-collector`;
      await kubectl(viewed, ['delete', 'pod', selector, '--force', '--grace-period=0']);
      await waitForRollout(target, { timeoutSeconds: 200, onReady: () => {} });
      await eventually('all lines', async () => {
        const [, different] = await countsOf(loki, 'killed');
        if (different < lines) throw new NotYet(`${different} of ${lines}`);
      });
    });
  });

  test('what was printed while the collector was away comes when it is back', async () => {
    const scale = (replicas: number) =>
      kubectl(target, ['scale', 'statefulset/otel-collector', `--replicas=${replicas}`]);
    await scale(0);
    try {
      await kubectl(target, ['wait', '--for=delete', 'pod/otel-collector-0', '--timeout=90s']);
      await print(printer('meanwhile'));
      const args = ['wait', '--for=condition=Ready', 'pod/meanwhile', '--timeout=60s'];
      await kubectl(strangers, args);
      await new Promise((resolve) => setTimeout(resolve, lines * 100));
    } finally {
      await scale(1);
    }
    await withUrls(['loki'], async ({ loki }) => {
      await eventually('all lines', async () => {
        const [, different] = await countsOf(loki, 'meanwhile');
        if (different < lines) throw new NotYet(`${different} of ${lines}`);
      });
      expect(await countsOf(loki, 'meanwhile')).toEqual([lines, lines]);
    });
  });

  test('an event is found as a log line that says what it is about', async () => {
    await withUrls(['loki'], ({ loki }) =>
      eventually('the event', async () => {
        const query = `{service_name="${eventService}", k8s_namespace_name="${strangers.namespace}"} | k8s_pod_name="killed" | k8s_event_reason="Started"`;
        const [event] = await queryLoki(loki, query, start);
        if (event === undefined) throw new NotYet('not there');
        expect(event.line).toMatch(/^Pod\/killed Started: /);
      }),
    );
  });

  test('Prometheus has what nodes have left, and the state of workloads', async () => {
    const wanted = [
      ...Object.values(nodeHostMetrics).map(prometheusName),
      ...(withoutState ? [] : [`${kubeMetrics.podInfo}{pod="replaced"}`]),
    ];
    await withUrls(['prometheus'], async ({ prometheus }) => {
      for (const query of wanted) {
        await eventually(query, async () => {
          const [sample] = await queryPrometheus(prometheus, query);
          if (sample === undefined) throw new NotYet('no series');
          expect(sample.value).toBeGreaterThanOrEqual(0);
        });
      }
    });
  });

  test.each([
    ['node-collector', [' nodes/stats get', ' pods get,list,watch']],
    ['event-collector', [' events get,list,watch']],
  ])('%s may do what it does, and nothing else', async (name, golden) => {
    expect(await ownRightsOf(account(name, view))).toEqual(golden);
  });

  test('a stranger does not get at its metrics', async () => {
    const { doors: found } = await lookFrom(
      'replaced',
      'printer',
      [
        {
          name: 'event-collector',
          host: host('event-collector', settings),
          port: viewPorts['event-collector'].metrics.number,
        },
        {
          name: 'kube-state-metrics',
          host: host('kube-state-metrics', settings),
          port: viewPorts['kube-state-metrics'].http.number,
        },
      ],
      strangers.namespace,
    );
    expect(found).toEqual({ 'event-collector': 'blocked', 'kube-state-metrics': 'blocked' });
  });

  (wasOn ? test.skip : test)('switched off, nothing of it is left', async () => {
    await bringAbout(false);
    await eventually('its namespace gone', async () => {
      if (await exists(target, 'namespace', view)) throw new NotYet('it is there');
    });
    const roles = await kubectl(target, [
      'get',
      'clusterroles,clusterrolebindings',
      '--output=name',
    ]);
    expect(roles).not.toContain(`/${view}-`);
  });
});
