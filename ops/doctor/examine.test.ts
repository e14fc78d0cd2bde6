import { defaultSettings } from '../../settings/load.ts';
import { examine } from './examine.ts';
import { expectedOf } from './model/expected.ts';
import { type Finding, failures } from './model/finding.ts';
import { FakeStack, type Fault } from './testing/fake-stack.ts';

async function findingsOf(illness: Fault): Promise<Finding[]> {
  const stack = new FakeStack(illness);
  const reach = await stack.start();
  try {
    return await examine(reach, expectedOf(defaultSettings()));
  } finally {
    await stack.stop();
  }
}

// Each illness has a stack of its own, which a busy machine is slow to make.
jest.setTimeout(30_000);

const line = ({ area, hop }: Finding) => `${area}: ${hop}`;
const withStatus = (findings: readonly Finding[], status: Finding['status']) =>
  findings.filter((finding) => finding.status === status).map(line);

test('of a stack that is well nothing fails and every hop was seen', async () => {
  const findings = await findingsOf({ volume: 0.4 });
  expect(failures(findings)).toEqual([]);
  expect([...new Set(findings.map(({ status }) => status))]).toEqual(['ok']);
  for (const signal of ['metrics', 'logs', 'traces']) {
    expect(findings.filter(({ area }) => area === signal)).toHaveLength(6);
  }
});

/** What is wrong, which hops must be named, and what must be said of the first. */
const illnesses: { name: string; illness: Fault; broken: string[]; seen: RegExp }[] = [
  {
    name: 'a store that is away',
    illness: {
      away: ['loki'],
      collector: { keeps: 'logs' },
      targetDown: 'loki',
      grafana: { misled: 'loki' },
    },
    broken: [
      'endpoint: loki',
      'logs: otel-collector → loki',
      'grafana: grafana → loki',
      'stack: scrape targets',
      'stack: rules of loki',
    ],
    seen: /refused|bad port|fetch failed/,
  },
  {
    name: 'a component that is not ready',
    illness: { unready: 'shop' },
    broken: ['endpoint: shop'],
    seen: /answered 503: not ready: waiting/,
  },
  {
    name: 'a collector whose OTLP ports are closed',
    illness: { away: ['otlpGrpc', 'otlpHttp'] },
    broken: ['metrics', 'logs', 'traces'].flatMap((signal) => [
      `${signal}: sender → otel-collector (OTLP/gRPC)`,
      `${signal}: sender → otel-collector (OTLP/HTTP)`,
    ]),
    seen: /UNAVAILABLE/,
  },
  {
    name: 'one OTLP port that is closed, with all hops behind it still followed',
    illness: { away: ['otlpGrpc'] },
    broken: ['metrics', 'logs', 'traces'].map(
      (signal) => `${signal}: sender → otel-collector (OTLP/gRPC)`,
    ),
    seen: /UNAVAILABLE/,
  },
  {
    name: 'a collector that refuses',
    illness: { collector: { refuses: true } },
    broken: ['metrics', 'logs', 'traces'].flatMap((signal) => [
      `${signal}: sender → otel-collector (OTLP/gRPC)`,
      `${signal}: sender → otel-collector (OTLP/HTTP)`,
    ]),
    seen: /UNAVAILABLE: data refused/,
  },
  {
    name: 'a collector that rejects what it acknowledges',
    illness: { collector: { rejects: true } },
    broken: ['metrics', 'logs', 'traces'].flatMap((signal) => [
      `${signal}: sender → otel-collector (OTLP/gRPC)`,
      `${signal}: sender → otel-collector (OTLP/HTTP)`,
    ]),
    seen: /rejected: too old/,
  },
  {
    name: 'something else than the collector on its ports',
    illness: { collector: { countsNothing: true } },
    broken: ['metrics', 'logs', 'traces'].map((signal) => `${signal}: otel-collector accepts`),
    seen: /did not rise/,
  },
  ...(['metrics', 'logs', 'traces'] as const).map((keeps) => ({
    name: `an exporter of ${keeps} that hands nothing on`,
    illness: { collector: { keeps } },
    broken: [
      `${keeps}: otel-collector → ${{ metrics: 'prometheus', logs: 'loki', traces: 'tempo' }[keeps]}`,
    ],
    seen: /has sent 0 of 2 items; \d+ bytes wait in its queue/,
  })),
  ...(
    [
      ['prometheus', 'metrics'],
      ['loki', 'logs'],
      ['tempo', 'traces'],
    ] as const
  ).map(([forgets, signal]) => ({
    name: `a ${forgets} that does not keep what it takes`,
    illness: { forgets },
    broken: [`${signal}: ${forgets} stores`],
    seen: /finds it: not so after/,
  })),
  {
    name: 'a Tempo that hides traces from searches',
    illness: { hidesFromSearch: true },
    broken: ['traces: tempo stores'],
    seen: /by id, but not by a search/,
  },
  {
    name: 'a Grafana that is away',
    illness: { away: ['grafana'] },
    broken: [
      'endpoint: grafana',
      'metrics: grafana → prometheus',
      'logs: grafana → loki',
      'traces: grafana → tempo',
      'grafana: grafana → prometheus',
      'grafana: grafana → loki',
      'grafana: grafana → tempo',
      'grafana: grafana → alertmanager',
    ],
    seen: /refused|bad port|fetch failed/,
  },
  {
    name: 'a Grafana that does not take the login',
    illness: { grafana: { refusesLogin: true } },
    broken: [
      'metrics: grafana → prometheus',
      'logs: grafana → loki',
      'traces: grafana → tempo',
      'grafana: grafana → prometheus',
      'grafana: grafana → loki',
      'grafana: grafana → tempo',
      'grafana: grafana → alertmanager',
    ],
    seen: /answered 401/,
  },
  {
    name: 'a datasource that is missing',
    illness: { grafana: { lacks: 'tempo' } },
    broken: ['traces: grafana → tempo', 'grafana: grafana → tempo'],
    seen: /answered 404|no trace/,
  },
  {
    name: 'a datasource that leads to nobody',
    illness: { grafana: { misled: 'alertmanager' } },
    broken: ['grafana: grafana → alertmanager'],
    seen: /answered 502/,
  },
  {
    name: 'a datasource that leads to another store, though it says that it is well',
    illness: { grafana: { elsewhere: 'loki' } },
    broken: ['logs: grafana → loki'],
    seen: /no such line/,
  },
  {
    name: 'an Alertmanager that is away',
    illness: { away: ['alertmanager'] },
    broken: ['endpoint: alertmanager'],
    seen: /refused|bad port|fetch failed/,
  },
  {
    name: 'a queue that fills',
    illness: { collector: { queue: 0.9 } },
    broken: ['stack: queues of otel-collector'],
    seen: /otlp_http\/loki 90\.0 %/,
  },
  {
    name: 'items given up while the doctor looks',
    illness: { collector: { losesNow: true } },
    broken: ['stack: given up by otel-collector'],
    seen: /items while the doctor looked/,
  },
  {
    name: 'a scrape target that is down',
    illness: { targetDown: 'tempo' },
    broken: ['stack: scrape targets'],
    seen: /tempo down connection refused/,
  },
  {
    name: 'a component that is not scraped at all',
    illness: { notScraped: 'loki' },
    broken: ['stack: scrape targets'],
    seen: /not scraped: loki/,
  },
  {
    name: 'rules that cannot be evaluated',
    illness: { ruleError: true },
    broken: ['stack: rules of prometheus', 'stack: rules of loki'],
    seen: /many-to-many matching/,
  },
  {
    name: 'a rule that is not loaded',
    illness: { ruleMissing: true },
    broken: ['stack: rules of prometheus', 'stack: rules of loki'],
    seen: /not loaded: /,
  },
  {
    name: 'a volume that is almost full',
    illness: { volume: 0.97 },
    broken: ['stack: disk usage of volumes'],
    seen: /loki 97 %/,
  },
  {
    name: 'a clock that is ahead',
    illness: { clockSeconds: 120 },
    broken: ['stack: clocks'],
    seen: /prometheus is 1\d\d s ahead of this machine/,
  },
  {
    name: 'a clock that is behind',
    illness: { clockSeconds: -600 },
    broken: ['stack: clocks'],
    seen: /s behind this machine/,
  },
];

test.concurrent.each(illnesses)(
  'found, and nothing else: $name',
  async ({ illness, broken, seen }) => {
    const failed = failures(await findingsOf(illness));
    expect(failed.map(line)).toEqual(broken);
    expect(failed[0]?.seen).toMatch(seen);
  },
);

test('what lies behind a broken hop is not called broken', async () => {
  const findings = await findingsOf({ collector: { keeps: 'logs' } });
  expect(withStatus(findings, 'skipped')).toEqual(['logs: loki stores', 'logs: grafana → loki']);
});

test.each<{ name: string; illness: Fault; warned: string[] }>([
  {
    name: 'what was lost before',
    illness: { collector: { lostBefore: 3 } },
    warned: ['stack: given up by otel-collector'],
  },
  {
    name: 'what a store discarded',
    illness: { discards: 'loki' },
    warned: ['stack: discarded by loki'],
  },
  {
    name: "another's pod that cannot be scraped",
    illness: { annotatedPodDown: true },
    warned: ['stack: annotated pods'],
  },
])('$name is a warning, and no failure', async ({ illness, warned }) => {
  const findings = await findingsOf(illness);
  expect(failures(findings)).toEqual([]);
  expect(withStatus(findings, 'warning')).toEqual(warned);
});

test.each<{ name: string; illness: Fault; unknown: string[] }>([
  {
    name: 'volumes of which no kubelet reports',
    illness: {},
    unknown: ['stack: disk usage of volumes'],
  },
  {
    name: 'an exporter under another name',
    illness: { volume: 0.1, collector: { lacksExporter: 'traces' } },
    unknown: ['traces: otel-collector → tempo'],
  },
])('unknown is neither well nor ill: $name', async ({ illness, unknown }) => {
  const findings = await findingsOf(illness);
  expect(failures(findings)).toEqual([]);
  expect(withStatus(findings, 'unknown')).toEqual(unknown);
});
