import { randomBytes, randomUUID } from 'node:crypto';
import { type SettingsInput, settingsSchema } from '../../lib/schema.ts';
import { collectorMetrics } from '../../lib/telemetry/collector.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { countLoki } from '../../ops/stores/loki.ts';
import { logsRequest, nanoseconds, severity, tracesRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { deploySettings } from '../e2e-alerts/test-settings.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { runMantis } from './command.ts';
import {
  createVendor,
  deleteVendor,
  postFromVendor,
  receivedByVendor,
  seriesOfVendor,
  startVendor,
  stopVendor,
  vendorUrls,
} from './vendor.ts';

const { settings, target } = session;
const run = randomUUID().slice(0, 8);
const service = `e2e-forward-${run}`;
const zipkinService = `e2e-zipkin-${run}`;
const secret = 'mantis-e2e-vendor';
const token = randomBytes(16).toString('hex');

/** A variable that the collector expands. */
const variable = (name: string) => `\${env:${name}}`;
const bearer = (name: string) => ({ authorization: `Bearer ${variable(name)}` });
const egress = [{ port: 4318 }, { port: 9090 }];

/** One destination that works, one that is never there, and one that refuses the credential. */
const forwarding: SettingsInput = {
  collector: {
    egress,
    secret,
    forward: [
      { name: 'vendor', endpoint: vendorUrls.otlp, headers: bearer('TOKEN') },
      { name: 'absent', endpoint: 'http://absent.example:4318', queueSize: '1Mi' },
      { name: 'denied', endpoint: vendorUrls.otlp, headers: bearer('OLD_TOKEN'), queueSize: '1Mi' },
    ],
    extraPorts: [{ name: 'zipkin', port: 9411 }],
    extraConfig: {
      receivers: { zipkin: { endpoint: '0.0.0.0:9411' } },
      service: { pipelines: { traces: { receivers: ['zipkin'] } } },
    },
  },
  prometheus: {
    egress,
    mountedSecrets: [secret],
    remoteWrite: [
      {
        url: vendorUrls.remoteWrite,
        authorization: { credentials_file: `/etc/secrets/${secret}/TOKEN` },
      },
    ],
  },
};

async function deployForwarding(): Promise<void> {
  const { collector, prometheus } = settingsSchema.parse(forwarding);
  await deploySettings(session, {
    ...settings,
    collector: {
      ...settings.collector,
      egress: collector.egress,
      secret: collector.secret,
      forward: collector.forward,
      extraPorts: collector.extraPorts,
      extraConfig: collector.extraConfig,
    },
    prometheus: {
      ...settings.prometheus,
      egress: prometheus.egress,
      mountedSecrets: prometheus.mountedSecrets,
      remoteWrite: prometheus.remoteWrite,
    },
  });
}

beforeAll(async () => {
  await createVendor(token, service);
  await kubectl(target, [
    ...['create', 'secret', 'generic', secret],
    ...[`--from-literal=TOKEN=${token}`, '--from-literal=OLD_TOKEN=expired'],
  ]);
  await deployForwarding();
}, 400_000);

afterAll(async () => {
  expect(await runMantis(['deploy', '--yes', '--wait', '5m'])).toMatchObject({ code: 0 });
  await kubectl(target, ['delete', 'secret', secret, '--ignore-not-found']);
  await deleteVendor();
}, 400_000);

const filler = 'x'.repeat(1_000);

/** Sends lines of 1 kB, a hundred at a time, and expects every request to be acknowledged. */
async function sendLines(count: number, marker: string): Promise<void> {
  await withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    for (let first = 0; first < count; first += 100) {
      const records = Array.from({ length: 100 }, (_, index) => ({
        timeUnixNano: nanoseconds(Date.now()),
        ...severity('INFO'),
        body: { stringValue: `${marker} ${first + index} ${filler}` },
      }));
      await post(`${otlpHttp}/v1/logs`, logsRequest(service, records));
    }
  });
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
}

const storedLines = (marker: string) =>
  withUrls(['loki'], ({ loki }) =>
    countLoki(
      loki,
      `sum(count_over_time({service_name="${service}"} |= "${marker}" [30m]))`,
      nowSeconds(),
    ),
  );

const expectStored = (count: number, marker: string) =>
  eventually(`${count} lines in Loki`, async () => {
    const stored = await storedLines(marker);
    if (stored !== count) throw new RetryLater(`${stored} lines`);
  });

const expectForwarded = (signal: 'logs' | 'traces', count: number) =>
  eventually(`${count} items at the other side`, async () => {
    const received = await receivedByVendor(signal);
    if (received !== count) throw new RetryLater(`${received} items`);
  });

/** The sum of one of the collector's counters for a destination. */
const counted = (metric: string, exporter: string) =>
  withUrls(['collectorMetrics'], async ({ collectorMetrics: page }) =>
    sumSamples(parsePage(await fetchText(page, '/metrics')), metric, { exporter }),
  );

test('what is stored is forwarded too, with the credential of the Secret', async () => {
  await sendLines(500, 'first');
  const spans = Array.from({ length: 200 }, () => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'forwarded',
    kind: 2,
    startTimeUnixNano: nanoseconds(Date.now()),
    endTimeUnixNano: nanoseconds(Date.now()),
  }));
  await withUrls(['otlpHttp'], ({ otlpHttp }) =>
    post(`${otlpHttp}/v1/traces`, tracesRequest(service, spans)),
  );
  await expectStored(500, 'first');
  await expectForwarded('logs', 500);
  await expectForwarded('traces', 200);
});

test('a destination that is away gets everything later, also after a restart', async () => {
  await stopVendor('otlp');
  await sendLines(2_000, 'second');
  await expectStored(2_000, 'second');
  await kubectl(target, ['delete', 'pod', 'otel-collector-0']);
  await waitForRollout(target, { timeoutSeconds: 120, onReady: () => {} });
  await startVendor();
  await expectForwarded('logs', 2_000);
});

test('a full queue of a destination keeps nothing from the others', async () => {
  await sendLines(4_000, 'third');
  await expectStored(4_000, 'third');
  await expectForwarded('logs', 6_000);
  const dropped = await counted(
    collectorMetrics.enqueueFailedLogRecords,
    'otlp_http/forward-absent',
  );
  expect(dropped).toBeGreaterThan(0);
  expect(await counted(collectorMetrics.enqueueFailedLogRecords, 'otlp_http/loki')).toBe(0);
  expect(await counted(collectorMetrics.sendFailedLogRecords, 'otlp_http/forward-vendor')).toBe(0);
});

test('what a destination rejects is counted', async () => {
  const rejected = await counted(collectorMetrics.sendFailedLogRecords, 'otlp_http/forward-denied');
  expect(rejected).toBeGreaterThan(0);
});

test('remote write sends metrics, span metrics and the results of rules', async () => {
  for (const query of ['up{job="loki"}', 'traces_spanmetrics_calls_total', 'ALERTS']) {
    await eventually(query, async () => {
      if ((await seriesOfVendor(query)) === 0) throw new RetryLater('no series');
    });
  }
});

test('a store of remote write that is away is what the alert queries', async () => {
  await stopVendor('metrics');
  const newest = stackMetrics.prometheusNewest;
  const sent = stackMetrics.remoteWriteSent;
  await withUrls(['prometheus'], ({ prometheus }) =>
    eventually('remote write to be behind, and to repeat', async () => {
      const [behind] = await queryPrometheus(
        prometheus,
        `(${newest} - on (job, instance) group_right () ${sent}) and rate(${stackMetrics.remoteWriteRetried}[1m]) > 0`,
      );
      if ((behind?.value ?? 0) < 45) throw new RetryLater(`${behind?.value} s behind`);
    }),
  );
});

test('the doctor warns of destinations, and fails for none', async () => {
  const { code, stdout } = await runMantis(['doctor']);
  expect(stdout).toContain('collector.forward');
  expect(code).toBe(0);
});

test('a receiver of extraConfig gets telemetry at its port of the Service', async () => {
  const body = [
    {
      traceId: randomBytes(16).toString('hex'),
      id: randomBytes(8).toString('hex'),
      name: 'from zipkin',
      kind: 'SERVER',
      timestamp: Date.now() * 1000,
      duration: 1000,
      localEndpoint: { serviceName: zipkinService },
    },
  ];
  await postFromVendor(`http://otel-collector.${target.namespace}:9411/api/v2/spans`, body);
  await withUrls(['tempo'], ({ tempo }) =>
    eventually('the trace', async () => {
      const traces = await searchTraces(tempo, `{ resource.service.name = "${zipkinService}" }`, {
        start: nowSeconds() - 300,
        end: nowSeconds(),
      });
      if (traces.length === 0) throw new RetryLater('no trace');
    }),
  );
});
