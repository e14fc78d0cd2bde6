import { settingsSchema } from '../schema.ts';
import { withEveryNodePlacement, withoutSpread, withPlacement } from './placement.ts';

const refusals = (input: unknown) => {
  const result = settingsSchema.safeParse(input, { reportInput: true });
  if (result.success) return [];
  return result.error.issues.map(
    ({ path, input: got, message }) => `${path.join('.')}: ${JSON.stringify(got)}: ${message}`,
  );
};

const sections = [
  'collector',
  'prometheus',
  'alertmanager',
  'loki',
  'tempo',
  'grafana',
  'testApp',
] as const;

const everything = {
  nodeSelector: { pool: 'monitoring', 'kubernetes.io/arch': 'amd64' },
  tolerations: [
    { operator: 'Exists' },
    { key: 'dedicated', operator: 'Equal', value: 'monitoring', effect: 'NoSchedule' },
    { key: 'example.com/spot', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
    // Equal is the default.
    { key: 'dedicated', value: '' },
  ],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'zone', operator: 'In', values: ['a', 'b'] },
              { key: 'cores', operator: 'Gt', values: ['4'] },
              { key: 'gpu', operator: 'DoesNotExist' },
            ],
          },
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
        ],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, preference: { matchExpressions: [{ key: 'ssd', operator: 'Exists' }] } },
      ],
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 1,
          podAffinityTerm: {
            labelSelector: { matchLabels: { app: 'database' } },
            namespaces: ['shop'],
            topologyKey: 'kubernetes.io/hostname',
          },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    {
      maxSkew: 2,
      minDomains: 3,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'mantis' } },
      nodeTaintsPolicy: 'Honor',
    },
  ],
  priorityClassName: 'system-cluster-critical',
  podLabels: { team: 'platform', 'example.com/cost-center': '42' },
  podAnnotations: { 'sidecar.istio.io/inject': 'false', note: 'any text, with spaces' },
};

test('all pods and those of each component have the same settings', () => {
  expect(refusals(everything)).toEqual([]);
  expect(settingsSchema.parse(everything)).toMatchObject(everything);
  for (const section of sections) expect(refusals({ [section]: everything })).toEqual([]);
  const { tolerations, topologySpreadConstraints, ...onEveryNode } = everything;
  expect(
    refusals({
      clusterView: {
        eventCollector: everything,
        kubeStateMetrics: everything,
        nodeCollector: onEveryNode,
      },
    }),
  ).toEqual([]);
  // It tolerates every taint, and a DaemonSet is spread already.
  const nodeCollector = { tolerations, topologySpreadConstraints };
  expect(refusals({ clusterView: { nodeCollector } })).toEqual([
    expect.stringMatching(/^clusterView\.nodeCollector: .*"tolerations", "topologySpread/),
  ]);
});

const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' };
const nodeTerm = (term: object) => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  },
});

const refused: readonly (readonly [object, RegExp])[] = [
  [{ nodeSelector: { pool: true } }, /^nodeSelector\.pool: true: a label value in quotes/],
  [{ nodeSelector: { 'a b': 'c' } }, /^nodeSelector\.a b: "c": a key such as pool/],
  [
    { tolerations: [{ key: 'a', effect: 'NoSchedul' }] },
    /^tolerations\.0\.effect: "NoSchedul": one of NoSchedule, PreferNoSchedule, NoExecute$/,
  ],
  [
    { tolerations: [{ key: 'a', operator: 'In' }] },
    /^tolerations\.0\.operator: "In": one of Exists, Equal$/,
  ],
  [
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    /^tolerations\.0\.value: "b": no value, because the operator is Exists$/,
  ],
  [{ tolerations: [{ value: 'b' }] }, /^tolerations\.0\.operator: undefined: Exists, because/],
  [
    { tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }] },
    /^tolerations\.0\.tolerationSeconds: 5: no seconds, unless the effect is NoExecute$/,
  ],
  [{ tolerations: [{ taint: 'a', operator: 'Exists' }] }, /^tolerations\.0: .*"taint"/],
  [{ tolerations: { key: 'a' } }, /^tolerations: .*expected array/],
  [{ affinity: { nodeAffinty: {} } }, /^affinity: .*"nodeAffinty"/],
  [
    nodeTerm({ matchExpressions: [{ key: 'a', operator: 'In' }] }),
    /matchExpressions\.0\.values: undefined: at least one value for In$/,
  ],
  [
    nodeTerm({ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }),
    /values: \["b"\]: no values for Exists$/,
  ],
  [
    nodeTerm({ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['b'] }] }),
    /values: \["b"\]: one whole number in quotes for Gt$/,
  ],
  [
    { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } },
    /^affinity\.podAntiAffinity\..*\.0\.topologyKey: undefined: a key such as/,
  ],
  [
    { topologySpreadConstraints: [{ ...spread, maxSkew: 0 }] },
    /^topologySpreadConstraints\.0\.maxSkew: 0: a whole number from 1/,
  ],
  [
    { topologySpreadConstraints: [{ ...spread, whenUnsatisfiable: 'Never' }] },
    /whenUnsatisfiable: "Never": one of DoNotSchedule, ScheduleAnyway$/,
  ],
  [
    {
      topologySpreadConstraints: [
        { ...spread, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 },
      ],
    },
    /minDomains: 2: no number, unless whenUnsatisfiable is DoNotSchedule$/,
  ],
  [
    { priorityClassName: 'High Priority' },
    /^priorityClassName: "High Priority": the name of a PriorityClass/,
  ],
  [
    { podLabels: { 'app.kubernetes.io/name': 'x' } },
    /^podLabels\.app\.kubernetes\.io\/name: "x": a key without the prefix app\.kubernetes\.io\/ or mantis\.dev\/: Mantis sets those itself$/,
  ],
  [{ podLabels: { team: 'a b' } }, /^podLabels\.team: "a b": a label value in quotes/],
  [
    { podAnnotations: { 'mantis.dev/config-hash': 'x' } },
    /^podAnnotations\.mantis\.dev\/config-hash: "x": a key without the prefix/,
  ],
  [{ podAnnotations: { a: 1 } }, /^podAnnotations\.a: 1: a text in quotes$/],
];

test.each(refused)('%j is refused, for a component too', (input, message) => {
  expect(refusals(input)).toEqual([expect.stringMatching(message)]);
  const [found = ''] = refusals({ loki: input });
  expect(found).toMatch(/^loki\./);
  expect(found.replace('loki.', '')).toMatch(message);
});

const platform = settingsSchema.parse({
  ...everything,
  loki: {
    nodeSelector: { pool: 'storage' },
    tolerations: [],
    affinity: {},
    topologySpreadConstraints: [],
    priorityClassName: 'low',
    podLabels: { team: 'logs' },
    podAnnotations: { note: 'other' },
  },
});

test('maps of a component are merged over those of all pods, everything else replaces', () => {
  expect(withPlacement(platform, platform.loki)).toMatchObject({
    nodeSelector: { pool: 'storage', 'kubernetes.io/arch': 'amd64' },
    tolerations: [],
    affinity: {},
    topologySpreadConstraints: [],
    priorityClassName: 'low',
    podLabels: { team: 'logs', 'example.com/cost-center': '42' },
    podAnnotations: { note: 'other', 'sidecar.istio.io/inject': 'false' },
  });
  expect(withPlacement(platform, platform.tempo)).toEqual(platform);
});

test('what keeps pods off nodes does not apply to a DaemonSet, unless it is its own', () => {
  const { podLabels, priorityClassName } = everything;
  expect(withEveryNodePlacement(platform, {})).toMatchObject({
    ...{ nodeSelector: undefined, affinity: undefined, topologySpreadConstraints: undefined },
    ...{ podLabels, priorityClassName },
  });
  const own = { nodeSelector: { pool: 'storage' } };
  expect(withEveryNodePlacement(platform, own).nodeSelector).toEqual(own.nodeSelector);
});

test('the pod of a Job is not spread', () => {
  expect(withoutSpread(platform)).toEqual({ ...platform, topologySpreadConstraints: undefined });
});
