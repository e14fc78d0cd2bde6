import { randomUUID } from 'node:crypto';
import { verifyDelivery } from '../../bench/delivery/verify.ts';
import { type SettingsInput, settingsSchema } from '../../lib/schema.ts';
import { collectorMetrics, externalTracesExporter } from '../../lib/telemetry/collector.ts';
import { spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { exists, kubectl } from '../../ops/cluster/kubectl.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withStores } from '../../ops/connections/stores.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { diagnoseStack } from '../../ops/doctor/doctor.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { countLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { pushLogs } from '../push-logs.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { createStores, deleteStores, login, storeUrls } from './external-stores-namespace.ts';
import { describeOnRequest } from './on-request.ts';

const { settings, target } = session;
const quick = { yes: true, wait: '8m', timeout: '60s', doctor: false };
const secret = 'e2e-stores';
const run = randomUUID().slice(0, 8);
const allowedWriters = { namespaces: [storeUrls.namespace] };

type Stores = Pick<SettingsInput, 'loki' | 'tempo'>;

const plainLoki: Stores = { loki: { external: { url: storeUrls.loki, allowedWriters } } };
const plainTempo: Stores = {
  tempo: { external: { url: storeUrls.tempo, writeUrl: storeUrls.tempoOtlp, allowedWriters } },
};
const headers = { 'X-Scope-OrgID': login.tenant };
const both = (bearerTokenKey: string, passwordKey: string): Stores => ({
  loki: {
    external: {
      url: storeUrls.proxiedLoki,
      credentials: { secret, bearerTokenKey },
      headers,
      allowedWriters,
    },
  },
  tempo: {
    external: {
      url: storeUrls.proxiedTempo,
      writeUrl: storeUrls.proxiedTempoOtlp,
      credentials: { secret, usernameKey: 'username', passwordKey },
      headers,
      allowedWriters,
    },
  },
});

async function deployWith(stores: Stores): Promise<Session> {
  const { loki, tempo } = settingsSchema.parse(stores);
  const external = {
    target,
    settings: {
      ...settings,
      loki: { ...settings.loki, external: loki.external },
      tempo: { ...settings.tempo, external: tempo.external },
    },
  };
  await deploy(external, quick);
  return external;
}

async function expectHealthy(external: Session): Promise<void> {
  const report = await diagnoseStack(external, 60);
  expect(report.broken).toEqual([]);
}

const countLines = (of: Session, marker: string) =>
  withStores(of, ['loki'], ({ loki }) =>
    countLoki(
      loki,
      `sum(count_over_time({service_name="e2e-external"} |= "${marker}" [1h]))`,
      nowSeconds(),
    ),
  );

describeOnRequest('external stores', () => {
  beforeAll(async () => {
    await withUrls(['otlpHttp'], ({ otlpHttp }) =>
      pushLogs(otlpHttp, {
        service: 'e2e-external',
        severity: 'INFO',
        text: `before ${run}`,
        time: new Date(),
      }),
    );
    await kubectl(target, [
      ...['create', 'secret', 'generic', secret],
      `--from-literal=token=${login.token}`,
      `--from-literal=username=${login.username}`,
      `--from-literal=password=${login.password}`,
      '--from-literal=wrong=expired',
    ]);
    await createStores();
  }, 900_000);

  afterAll(async () => {
    await deploy(session, quick);
    await kubectl(target, ['delete', 'secret', secret, '--ignore-not-found']);
    await deleteStores();
  }, 900_000);

  test('an external Loki without credentials takes the place of the own one', async () => {
    const external = await deployWith(plainLoki);
    expect(await exists(target, 'statefulset', 'loki')).toBe(false);
    expect(await exists(target, 'service', 'loki')).toBe(false);
    expect(await exists(target, 'networkpolicy', 'loki')).toBe(false);
    // Its data stays.
    expect(await exists(target, 'persistentvolumeclaim', 'data-loki-0')).toBe(true);
    await expectHealthy(external);
  }, 900_000);

  test('an external Tempo without credentials takes the place of the own one', async () => {
    const external = await deployWith(plainTempo);
    expect(await exists(target, 'statefulset', 'loki')).toBe(true);
    expect(await exists(target, 'statefulset', 'tempo')).toBe(false);
    expect(await exists(target, 'persistentvolumeclaim', 'data-tempo-0')).toBe(true);
    await expectHealthy(external);
  }, 900_000);

  test('both with credentials: everything that was acknowledged can be read', async () => {
    const external = await deployWith(both('token', 'password'));
    await expectHealthy(external);
    const { deliveries } = await verifyDelivery(external, { rate: 20, seconds: 15 });
    for (const type of ['logs', 'spans', 'samples'] as const) {
      expect(deliveries[type].acknowledged).toBeGreaterThan(0);
      expect(deliveries[type].missing).toBe(0);
    }
  }, 900_000);

  test('their generator and ruler write to Prometheus', async () => {
    for (const query of [`count(${spanMetrics.calls})`, 'count(service:log_lines:count30s)']) {
      await eventually(query, () =>
        withUrls(['prometheus'], async ({ prometheus }) => {
          const [sample] = await queryPrometheus(prometheus, query);
          if (sample === undefined) throw new RetryLater('no series');
        }),
      );
    }
  }, 300_000);

  test('a wrong credential: the doctor names the store, its Secret and the 401', async () => {
    const external = await deployWith(both('wrong', 'wrong'));
    const report = await diagnoseStack(external, 30);
    for (const store of ['loki', 'tempo']) {
      const broken = report.broken.find(({ hop }) => hop === `${store} (external)`);
      expect(broken?.cause).toContain(`${store} at `);
      expect(broken?.cause).toContain(`401 to the credential of Secret ${secret}`);
    }
    await withUrls(['collectorMetrics'], async ({ collectorMetrics: url }) => {
      const page = parsePage(await fetchText(url, '/metrics'));
      const lost = (metric: string, exporter: string) => sumSamples(page, metric, { exporter });
      expect(lost(collectorMetrics.sendFailedLogRecords, 'otlp_http/loki')).toBeGreaterThan(0);
      expect(lost(collectorMetrics.sendFailedSpans, externalTracesExporter)).toBeGreaterThan(0);
    });
  }, 900_000);

  test('with the own stores again, their data is there', async () => {
    await deploy(session, quick);
    await expectHealthy(session);
    await eventually('the line of before', async () => {
      if ((await countLines(session, `before ${run}`)) !== 1) throw new RetryLater('not there');
    });
  }, 900_000);
});
