import { signals } from '../../lib/telemetry/signal.ts';
import { defaultSettings } from '../../settings/load.ts';
import { expectedStack } from './model/doctor-plan.ts';
import { type Finding, failedFindings } from './model/finding.ts';
import { runChecks } from './run-checks.ts';
import { FakeStack } from './testing/fake-stack.ts';
import type { Fault } from './testing/fault.ts';

async function findingsOf(fault: Fault): Promise<Finding[]> {
  const stack = new FakeStack(fault);
  const access = await stack.start();
  try {
    return await runChecks(access, expectedStack(defaultSettings()));
  } finally {
    await stack.stop();
  }
}

// Each fault has its own fake stack, which a busy machine is slow to start.
jest.setTimeout(30_000);

const line = ({ area, hop }: Finding) => `${area}: ${hop}`;
const withStatus = (findings: readonly Finding[], status: Finding['status']) =>
  findings.filter((finding) => finding.status === status).map(line);

test('a healthy stack passes every check', async () => {
  const findings = await findingsOf({ volume: 0.4 });
  expect(failedFindings(findings)).toEqual([]);
  expect([...new Set(findings.map(({ status }) => status))]).toEqual(['ok']);
  for (const signal of signals) {
    expect(findings.filter(({ area }) => area === signal)).toHaveLength(6);
  }
});

const [overGrpc, overHttp] = ['gRPC', 'HTTP'].map(
  (name) => `sender → otel-collector (OTLP/${name})`,
);
const viaGrafana = [
  'metrics: grafana → prometheus',
  'logs: grafana → loki',
  'traces: grafana → tempo',
  ...['prometheus', 'loki', 'tempo', 'alertmanager'].map((uid) => `grafana: grafana → ${uid}`),
];

/** Each fault, the checks that must fail, and the message of the first of them. */
const faults: { name: string; fault: Fault; broken: string[]; seen: RegExp }[] = [
  {
    name: 'a store that is down',
    fault: {
      unreachable: ['loki'],
      collector: { doesNotExport: 'logs' },
      targetDown: 'loki',
      grafana: { brokenDatasource: 'loki' },
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
    fault: { notReady: 'shop' },
    broken: ['endpoint: shop'],
    seen: /answered 503: not ready: waiting/,
  },
  {
    name: 'a collector whose OTLP ports are closed',
    fault: { unreachable: ['otlpGrpc', 'otlpHttp'] },
    broken: signals.flatMap((signal) => [`${signal}: ${overGrpc}`, `${signal}: ${overHttp}`]),
    seen: /UNAVAILABLE/,
  },
  {
    name: 'one OTLP port that is closed; the hops behind it are still checked',
    fault: { unreachable: ['otlpGrpc'] },
    broken: signals.map((signal) => `${signal}: ${overGrpc}`),
    seen: /UNAVAILABLE/,
  },
  {
    name: 'a collector that refuses requests',
    fault: { collector: { refuses: true } },
    broken: signals.flatMap((signal) => [`${signal}: ${overGrpc}`, `${signal}: ${overHttp}`]),
    seen: /UNAVAILABLE: data refused/,
  },
  {
    name: 'a collector that acknowledges requests and rejects their items',
    fault: { collector: { rejects: true } },
    broken: signals.flatMap((signal) => [`${signal}: ${overGrpc}`, `${signal}: ${overHttp}`]),
    seen: /rejected: too old/,
  },
  {
    name: 'another program on the ports of the collector',
    fault: { collector: { doesNotCount: true } },
    broken: signals.map((signal) => `${signal}: otel-collector accepts`),
    seen: /did not rise/,
  },
  ...signals.map((signal) => ({
    name: `an exporter of ${signal} that sends nothing`,
    fault: { collector: { doesNotExport: signal } },
    broken: [
      `${signal}: otel-collector → ${{ metrics: 'prometheus', logs: 'loki', traces: 'tempo' }[signal]}`,
    ],
    seen: /has sent 0 of 2 items; \d+ bytes wait in its queue/,
  })),
  ...(
    [
      ['prometheus', 'metrics'],
      ['loki', 'logs'],
      ['tempo', 'traces'],
    ] as const
  ).map(([store, signal]) => ({
    name: `a ${store} that does not keep what it acknowledges`,
    fault: { doesNotStore: store },
    broken: [`${signal}: ${store} stores`],
    seen: /finds it: timed out after/,
  })),
  {
    name: 'a Tempo that hides traces from searches',
    fault: { hidesFromSearch: true },
    broken: ['traces: tempo stores'],
    seen: /found by id, but not by a search/,
  },
  {
    name: 'a Grafana that is down',
    fault: { unreachable: ['grafana'] },
    broken: ['endpoint: grafana', ...viaGrafana],
    seen: /refused|bad port|fetch failed/,
  },
  {
    name: 'a Grafana that rejects the login',
    fault: { grafana: { refusesLogin: true } },
    broken: viaGrafana,
    seen: /answered 401/,
  },
  {
    name: 'a datasource that is missing',
    fault: { grafana: { missingDatasource: 'tempo' } },
    broken: ['traces: grafana → tempo', 'grafana: grafana → tempo'],
    seen: /answered 404|no trace/,
  },
  {
    name: 'a datasource with an unreachable URL',
    fault: { grafana: { brokenDatasource: 'alertmanager' } },
    broken: ['grafana: grafana → alertmanager'],
    seen: /answered 502/,
  },
  {
    name: 'a datasource that points to another healthy store',
    fault: { grafana: { wrongDatasource: 'loki' } },
    broken: ['logs: grafana → loki'],
    seen: /no such line/,
  },
  {
    name: 'an Alertmanager that is down',
    fault: { unreachable: ['alertmanager'] },
    broken: ['endpoint: alertmanager'],
    seen: /refused|bad port|fetch failed/,
  },
  {
    name: 'a queue that fills',
    fault: { collector: { queue: 0.9 } },
    broken: ['stack: queues of otel-collector'],
    seen: /otlp_http\/loki 90\.0 %/,
  },
  {
    name: 'items dropped while the doctor runs',
    fault: { collector: { losesItems: true } },
    broken: ['stack: given up by otel-collector'],
    seen: /items during this run/,
  },
  {
    name: 'a scrape target that is down',
    fault: { targetDown: 'tempo' },
    broken: ['stack: scrape targets'],
    seen: /tempo down connection refused/,
  },
  {
    name: 'a component that is not scraped at all',
    fault: { notScraped: 'loki' },
    broken: ['stack: scrape targets'],
    seen: /not scraped: loki/,
  },
  {
    name: 'rules that cannot be evaluated',
    fault: { ruleError: true },
    broken: ['stack: rules of prometheus', 'stack: rules of loki'],
    seen: /many-to-many matching/,
  },
  {
    name: 'a rule that is not loaded',
    fault: { ruleMissing: true },
    broken: ['stack: rules of prometheus', 'stack: rules of loki'],
    seen: /not loaded: /,
  },
  {
    name: 'a volume that is almost full',
    fault: { volume: 0.97 },
    broken: ['stack: disk usage of volumes'],
    seen: /loki 97 %/,
  },
  {
    name: 'a clock that is ahead',
    fault: { clockSeconds: 120 },
    broken: ['stack: clocks'],
    seen: /prometheus is 1\d\d s ahead of this machine/,
  },
  {
    name: 'a clock that is behind',
    fault: { clockSeconds: -600 },
    broken: ['stack: clocks'],
    seen: /s behind this machine/,
  },
];

test.concurrent.each(faults)(
  'exactly the affected checks fail: $name',
  async ({ fault, broken, seen }) => {
    const failed = failedFindings(await findingsOf(fault));
    expect(failed.map(line)).toEqual(broken);
    expect(failed[0]?.seen).toMatch(seen);
  },
);

test('the hops after a failed hop are skipped', async () => {
  const findings = await findingsOf({ collector: { doesNotExport: 'logs' } });
  expect(withStatus(findings, 'skipped')).toEqual(['logs: loki stores', 'logs: grafana → loki']);
});

test.each<{ name: string; fault: Fault; warned: string[] }>([
  {
    name: 'items dropped before the doctor ran',
    fault: { collector: { lostBefore: 3 } },
    warned: ['stack: given up by otel-collector'],
  },
  {
    name: 'items discarded by a store',
    fault: { discards: 'loki' },
    warned: ['stack: discarded by loki'],
  },
  {
    name: 'an annotated pod that cannot be scraped',
    fault: { annotatedPodDown: true },
    warned: ['stack: annotated pods'],
  },
])('a warning, not a failure: $name', async ({ fault, warned }) => {
  const findings = await findingsOf(fault);
  expect(failedFindings(findings)).toEqual([]);
  expect(withStatus(findings, 'warning')).toEqual(warned);
});

test.each<{ name: string; fault: Fault; unknown: string[] }>([
  {
    name: 'volume usage that no kubelet reports',
    fault: {},
    unknown: ['stack: disk usage of volumes'],
  },
  {
    name: 'an exporter with another name',
    fault: { volume: 0.1, collector: { lacksExporter: 'traces' } },
    unknown: ['traces: otel-collector → tempo'],
  },
])('unknown, not failed: $name', async ({ fault, unknown }) => {
  const findings = await findingsOf(fault);
  expect(failedFindings(findings)).toEqual([]);
  expect(withStatus(findings, 'unknown')).toEqual(unknown);
});

const external = { url: 'https://loki.example.com', secret: 'logs' };

/** The same stack without a Loki of its own. */
async function withExternalLoki(fault: Fault): Promise<Finding[]> {
  const stack = new FakeStack(fault);
  const { connections, ...access } = await stack.start();
  const { loki: _, ...own } = connections;
  const settings = defaultSettings();
  const loki = {
    ...settings.loki,
    external: { ...external, writeUrl: external.url, headers: {}, egress: [] },
  };
  try {
    return await runChecks(
      { ...access, connections: own, externalStores: { loki: external } },
      expectedStack({ ...settings, loki }),
    );
  } finally {
    await stack.stop();
  }
}

test('an external store is checked through Grafana, and none of its pods', async () => {
  const findings = await withExternalLoki({ volume: 0.4 });
  expect([...new Set(findings.map(({ status }) => status))]).toEqual(['ok']);
  expect(findings.map(line)).toContain('endpoint: loki (external)');
  expect(findings.map(line)).not.toContain('endpoint: loki');
  expect(findings.flatMap(({ suspects }) => suspects)).not.toContain('loki');
  expect(findings.filter(({ area }) => area === 'logs')).toHaveLength(5);
});

test('rules that an external store lacks are a warning', async () => {
  const findings = await withExternalLoki({ volume: 0.4, ruleMissing: true });
  const rules = findings.find(({ hop }) => hop === 'rules of loki');
  expect(rules).toMatchObject({
    status: 'warning',
    cause: expect.stringContaining('dist/rules/loki'),
  });
});

test('a credential that an external store refuses is named, with the store and its answer', async () => {
  const findings = await withExternalLoki({
    volume: 0.4,
    collector: { doesNotExport: 'logs' },
    grafana: { refusedCredential: 'loki' },
  });
  const failed = failedFindings(findings);
  expect(failed.map(line)).toEqual([
    'endpoint: loki (external)',
    'logs: otel-collector → loki',
    'grafana: grafana → loki',
  ]);
  for (const { cause, certain } of failed) {
    expect(cause).toContain(
      'loki at https://loki.example.com answers 401 to the credential of Secret logs',
    );
    expect(certain).toBe(true);
  }
});

test('a login that Grafana refuses is no credential of an external store', async () => {
  const findings = await withExternalLoki({ volume: 0.4, grafana: { refusesLogin: true } });
  const failed = failedFindings(findings);
  expect(failed.map(line)).toContain('endpoint: loki (external)');
  expect(failed.filter(({ certain }) => certain)).toEqual([]);
});
