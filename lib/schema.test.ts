import { images, taggedName } from './model/images.ts';
import { settingsSchema } from './schema.ts';

const accepts = (input: unknown) => settingsSchema.safeParse(input).success;

test.each(['24h', '36h', '100h', '1d', '15d', '365d'])('%s is a retention', (retention) => {
  expect(accepts({ loki: { retention } })).toBe(true);
});

test.each(['1h', '23h', '0d', '7', '7 d', '1w', '1.5d', '-1d', '07d'])(
  '%s is refused as a retention',
  (retention) => {
    expect(accepts({ loki: { retention } })).toBe(false);
  },
);

test.each([
  ['16Mi', 16],
  ['512Mi', 512],
  ['2Gi', 2048],
  ['1Ti', 1024 * 1024],
])('%s is %d MiB', (storage, mebibytes) => {
  expect(settingsSchema.parse({ loki: { storage } }).loki.storage.toMebibytes()).toBe(mebibytes);
});

test.each(['10G', '10', '0Gi', '1.5Gi', '10GB', '15Mi'])(
  '%s is refused as the size of a volume',
  (storage) => {
    expect(accepts({ loki: { storage } })).toBe(false);
  },
);

test.each([
  ['100m', true],
  ['2', true],
  ['0.5', true],
  ['1m', true],
  ['0m', false],
  ['1.5', true],
  ['0', false],
  ['100', true],
  ['1000M', false],
])('%s as CPU is accepted: %s', (cpu, expected) => {
  expect(accepts({ tempo: { cpu } })).toBe(expected);
});

test.each([
  ['registry.example.com/mirror', true],
  ['localhost:5001', true],
  ['registry.example.com/', false],
  ['two words', false],
])('%s as image prefix is accepted: %s', (imagePrefix, expected) => {
  expect(accepts({ imagePrefix })).toBe(expected);
});

const digest = `sha256:${'0'.repeat(64)}`;

test.each([
  [{ 'grafana/loki:3.7.8': digest }, true],
  [{ 'grafana/loki:3.7.8': 'sha256:0' }, false],
  // The digest of another tag would run that other release.
  [{ 'grafana/loki:2.0.0': digest }, false],
  // Built locally, so it has no digest in a registry.
  [{ [taggedName(images.testApp)]: digest }, false],
])('%j as digests is accepted: %s', (imageDigests, expected) => {
  expect(accepts({ imageDigests })).toBe(expected);
});

test.each([
  [{}, false],
  [{ imagePrefix: 'mirror.example.com' }, true],
  [{ testApp: { image: 'registry.example.com/shop:1' } }, true],
  [{ testApp: { enabled: false } }, true],
])(
  'imagePullPolicy Always is accepted if every image is in a registry, with %j: %s',
  (more, expected) => {
    expect(accepts({ imagePullPolicy: 'Always', ...more })).toBe(expected);
  },
);

const components = [
  'collector',
  'prometheus',
  'alertmanager',
  'loki',
  'tempo',
  'grafana',
  'testApp',
] as const;

test.each(components)('%s may request as much memory as its limit, not more', (name) => {
  expect(accepts({ [name]: { memory: '1Gi', memoryLimit: '1024Mi' } })).toBe(true);
  expect(accepts({ [name]: { memory: '1025Mi', memoryLimit: '1Gi' } })).toBe(false);
});

test.each(components)('%s refuses an unknown key', (name) => {
  expect(accepts({ [name]: { memroy: '1Gi' } })).toBe(false);
});

test.each(['default', 'kube-system', 'kube-public'])(
  '%s is refused as the namespace of the stack',
  (namespace) => {
    expect(settingsSchema.safeParse({ namespace }).success).toBe(false);
  },
);

test.each(['staging, eu', 'Zürich', 'a=b', ''])(
  '"%s" is refused as a resource attribute value',
  (environment) => {
    expect(settingsSchema.safeParse({ environment }).success).toBe(false);
    expect(settingsSchema.safeParse({ clusterName: environment }).success).toBe(false);
  },
);

test.each([
  ['203.0.113.0/24', true],
  ['2001:db8::/32', true],
  ['nonsense', false],
  ['10.0.0.1', false],
])('%s as a destination of the collector is accepted: %s', (cidr, accepted) => {
  expect(settingsSchema.safeParse({ collector: { egress: [{ cidr, port: 443 }] } }).success).toBe(
    accepted,
  );
});

const refusals = (input: unknown) => {
  const result = settingsSchema.safeParse(input);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

test.each([
  ['5%', 0.05],
  ['99.5%', 0.995],
  ['0.1%', 0.001],
  ['99.999%', 0.99999],
])('%s is %d', (errorRatio, ratio) => {
  expect(settingsSchema.parse({ alerts: { errorRatio } }).alerts.errorRatio).toBe(ratio);
});

test.each(['0%', '100%', '5', '-1%', '5 %', '0.0%'])(
  '%s is refused as a percentage',
  (errorRatio) => {
    expect(accepts({ alerts: { errorRatio } })).toBe(false);
  },
);

test.each([
  [{ window: '1m' }, true],
  [{ window: '30s' }, false],
  [{ latency: '250ms' }, true],
  [{ latency: '2' }, false],
  [{ slo: { latencyBound: '1s' } }, false],
  [{ slo: { window: '23h' } }, false],
  [{ maxSeries: 0 }, false],
])('%j of alerts is accepted: %s', (alerts, expected) => {
  expect(accepts({ alerts })).toBe(expected);
});

test('any whole number of days or hours is an SLO window', () => {
  const prometheus = { retention: '60d' };
  const days = Array.from({ length: 60 }, (_, before) => before + 1);
  for (const window of days.flatMap((day) => [`${day}d`, `${day * 23 + 1}h`])) {
    expect([window, accepts({ prometheus, alerts: { slo: { window } } })]).toEqual([window, true]);
  }
});

test('the SLO window is at most the retention of metrics', () => {
  const prometheus = { retention: '48h' };
  expect(refusals({ prometheus, alerts: { slo: { window: '2d' } } })).toEqual([]);
  expect(refusals({ prometheus, alerts: { slo: { window: '3d' } } })).toEqual([
    'alerts.slo.window: at most prometheus.retention, which is 2d',
  ]);
});

const egress = [{ port: 443 }];

test.each([
  [{ name: 'team' }, 'name: a receiver with at least one of webhook, slack, email and pagerduty'],
  [{ name: 'team', webhook: {} }, 'webhook: either url or urlKey'],
  [
    { name: 'null', webhook: { url: 'http://a' } },
    'name: another name: null is the receiver without notifications',
  ],
  [
    { name: 'team', webhook: { url: 'http://a' }, severities: ['fatal'] },
    'severities.0: one of critical, warning, info, none',
  ],
])('receiver %j is refused', (receiver, message) => {
  expect(refusals({ alertmanager: { egress, receivers: [receiver] } })).toEqual([
    `alertmanager.receivers.0.${message}`,
  ]);
});

test('receivers without egress are refused if there are NetworkPolicies', () => {
  const alertmanager = { receivers: [{ name: 'team', webhook: { url: 'http://a' } }] };
  expect(refusals({ alertmanager })).toEqual([
    expect.stringMatching(/^alertmanager\.egress: the destinations of the receivers, such as/),
  ]);
  expect(refusals({ alertmanager, networkPolicies: false })).toEqual([]);
});

test('receivers have unique names, and a Secret for their keys', () => {
  const [first, second] = [{ url: 'http://a' }, { urlKey: 'b' }].map((webhook) => ({
    name: 'team',
    webhook,
  }));
  expect(refusals({ alertmanager: { egress, receivers: [first, second] } })).toEqual([
    'alertmanager.receivers.1.name: a name that no other receiver has',
    'alertmanager.secret: the name of the Secret with the keys of receiver team',
  ]);
  const receivers = [{ ...second, name: 'other' }];
  expect(refusals({ alertmanager: { secret: 'alerting', egress, receivers } })).toEqual([]);
});
