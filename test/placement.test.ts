import { App, Testing } from 'cdk8s';
import { doctorChart } from '../charts/doctor.ts';
import { loadTest } from '../charts/load.ts';
import { volumeHelper } from '../lib/jobs/volume-helper.ts';
import { reservedPrefixes, selectorLabels } from '../lib/model/labels.ts';
import type { SettingsInput } from '../lib/schema.ts';
import { type Manifest, settingsOf, synth } from './synthesized.ts';

/** Every pod of Mantis gets the settings of placement: those of the output, Jobs and helpers. */

const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' as const };
const nodeAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'ssd', operator: 'Exists' as const }] }],
  },
};
const ofAllPods = {
  nodeSelector: { pool: 'monitoring' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' as const }],
  affinity: { nodeAffinity },
  topologySpreadConstraints: [spread],
  priorityClassName: 'high',
  podLabels: { team: 'platform' },
  podAnnotations: { note: 'of all pods' },
} satisfies SettingsInput;

const withClusterView: SettingsInput = { clusterView: { enabled: true } };
const isController = ({ kind }: Manifest) =>
  ['StatefulSet', 'Deployment', 'DaemonSet'].includes(kind);
const controllers = (input: SettingsInput) =>
  synth({ ...withClusterView, ...input }, { local: true }).filter(isController);

const defaults = controllers({});
const placed = controllers(ofAllPods);

test('there are pods of the stack, the cluster view, the test app and the simulated customers', () => {
  const names = placed.map(({ metadata }) => metadata.name);
  expect(names).toEqual(
    expect.arrayContaining(['loki', 'node-collector', 'event-collector', 'shop', 'customers']),
  );
});

const ofOneNode = placed.filter(({ kind }) => kind !== 'DaemonSet');

test.each(ofOneNode)('the pods of $metadata.name have the settings of all pods', (controller) => {
  const { metadata, spec } = controller.spec.template;
  const { podLabels, podAnnotations, topologySpreadConstraints: _, ...fields } = ofAllPods;
  expect(spec).toMatchObject(fields);
  expect(metadata.labels).toMatchObject(podLabels);
  expect(metadata.annotations).toMatchObject(podAnnotations);
  expect(spec.topologySpreadConstraints).toEqual([
    { ...spread, labelSelector: { matchLabels: selectorLabels(controller.metadata.name) } },
  ]);
});

test('the node collector stays on every node and tolerates every taint', () => {
  const [{ metadata, spec } = { metadata: {}, spec: {} }] = placed
    .filter(({ kind }) => kind === 'DaemonSet')
    .map((controller) => controller.spec.template);
  expect(spec).toMatchObject({
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'high',
  });
  expect(spec.nodeSelector).not.toHaveProperty('pool');
  expect(spec).not.toHaveProperty('affinity');
  expect(spec).not.toHaveProperty('topologySpreadConstraints');
  expect(metadata.labels).toMatchObject(ofAllPods.podLabels);
  expect(metadata.annotations).toMatchObject(ofAllPods.podAnnotations);
});

test('labels and annotations are only on pods, and change no selector', () => {
  const others = (manifests: readonly Manifest[]) =>
    manifests.map(({ metadata, spec }) => [metadata, spec.selector, spec.volumeClaimTemplates]);
  expect(others(placed)).toEqual(others(defaults));
  const rest = (input: SettingsInput) =>
    synth({ ...withClusterView, ...input }, { local: true }).filter((each) => !isController(each));
  expect(rest(ofAllPods)).toEqual(rest({}));
});

test.each(defaults)(
  'what Mantis sets on the pods of $metadata.name cannot be set',
  (controller) => {
    const { labels = {}, annotations = {} } = controller.spec.template.metadata;
    for (const key of [...Object.keys(labels), ...Object.keys(annotations)]) {
      expect(reservedPrefixes.filter((prefix) => key.startsWith(prefix))).toHaveLength(1);
    }
  },
);

const sections: Record<string, (own: object) => SettingsInput> = {
  'otel-collector': (collector) => ({ collector }),
  prometheus: (prometheus) => ({ prometheus }),
  alertmanager: (alertmanager) => ({ alertmanager }),
  loki: (loki) => ({ loki }),
  tempo: (tempo) => ({ tempo }),
  grafana: (grafana) => ({ grafana }),
  'shop orders inventory payments': (testApp) => ({ testApp }),
  'node-collector': (nodeCollector) => ({ clusterView: { enabled: true, nodeCollector } }),
  'event-collector': (eventCollector) => ({ clusterView: { enabled: true, eventCollector } }),
  'kube-state-metrics': (kubeStateMetrics) => ({
    clusterView: { enabled: true, kubeStateMetrics },
  }),
};

test.each(Object.entries(sections))(
  'the section of %s places its pods, and no other',
  (names, section) => {
    const own = { nodeSelector: { disk: 'ssd' }, podLabels: { team: 'own' } };
    const changed = controllers({ ...ofAllPods, ...section(own) }).filter(
      ({ spec }) => spec.template.metadata.labels.team === 'own',
    );
    expect(changed.map(({ metadata }) => metadata.name).sort()).toEqual(names.split(' ').sort());
    for (const { spec } of changed) {
      expect(spec.template.spec.nodeSelector).toMatchObject({ disk: 'ssd' });
    }
  },
);

const { podLabels, podAnnotations, topologySpreadConstraints: _, ...schedulingOfAll } = ofAllPods;
const settings = settingsOf(ofAllPods);

test.each([
  [
    'the load test',
    (app: App) => loadTest(app, settings, { files: {}, rate: 1, seconds: 1, mix: 'default' }),
  ],
  ['the doctor', (app: App) => doctorChart(app, settings, { deadlineSeconds: 1 })],
])('the pod of %s has the settings of all pods, and is not spread', (_what, build) => {
  const app = new App();
  build(app);
  const [job] = app.charts
    .flatMap((chart) => Testing.synth(chart) as Manifest[])
    .filter(({ kind }) => kind === 'Job');
  const { metadata, spec } = job?.spec.template ?? {};
  expect(spec).toMatchObject(schedulingOfAll);
  expect(spec).not.toHaveProperty('topologySpreadConstraints');
  expect(metadata).toMatchObject({ labels: podLabels, annotations: podAnnotations });
  expect(job?.metadata.labels).not.toHaveProperty('team');
});

test('the helper of a volume runs where the pod of its store can, without its affinity to pods', () => {
  const podAntiAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname' }],
  };
  const own = settingsOf({
    ...ofAllPods,
    loki: {
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'disk', operator: 'Exists' }],
      affinity: { nodeAffinity, podAntiAffinity },
    },
  });
  const helper = (node?: string) =>
    volumeHelper({ settings: own, store: 'loki', writable: false, node }) as Manifest;
  const { metadata, spec } = helper();
  expect(spec).toMatchObject({
    nodeSelector: { pool: 'monitoring', disk: 'ssd' },
    tolerations: [{ key: 'disk', operator: 'Exists' }],
    priorityClassName: 'high',
  });
  expect(spec.affinity).toEqual({ nodeAffinity });
  expect(spec).not.toHaveProperty('topologySpreadConstraints');
  expect(metadata).toMatchObject({ labels: podLabels, annotations: podAnnotations });
  // With the pod of the store, its node is known.
  const [term] =
    helper('node-1').spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
      .nodeSelectorTerms;
  expect(term.matchFields[0].values).toEqual(['node-1']);
  expect(helper('node-1').spec.affinity).not.toHaveProperty('podAntiAffinity');
});
