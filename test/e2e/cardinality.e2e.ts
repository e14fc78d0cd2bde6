import { randomBytes } from 'node:crypto';
import { metricAlerts } from '../../alerts/index.ts';
import { maxQuerySamples } from '../../lib/prometheus/prometheus.ts';
import { spanMetrics, spanNameParameter } from '../../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { maxActiveSeries } from '../../lib/tempo/settings.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { metricsRequest, nanoseconds, tracesRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { startStatefulSet, stopStatefulSet } from './claim-pod.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';

const { settings } = session;
const { calls, service, spanName } = spanMetrics;
const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const run = hex(3);
const serverSpan = 2;
const perRequest = 500;
const start = nowSeconds();

const alertQuery = metricAlerts(settings).find(({ alert }) => alert === 'TooManySeries')?.expr;

async function post(url: string, path: string, body: object): Promise<void> {
  const response = await fetch(new URL(path, url), {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  });
  await response.text();
  expect(response.status).toBe(200);
}

async function sendSpans(otlpHttp: string, from: string, names: readonly string[]): Promise<void> {
  for (let sent = 0; sent < names.length; sent += perRequest) {
    const now = Date.now();
    const spans = names.slice(sent, sent + perRequest).map((name) => ({
      ...{ traceId: hex(16), spanId: hex(8), name, kind: serverSpan },
      ...{ startTimeUnixNano: nanoseconds(now - 20), endTimeUnixNano: nanoseconds(now) },
    }));
    await post(otlpHttp, '/v1/traces', tracesRequest(from, spans));
  }
}

type Counts = Readonly<Record<string, number>>;

/** The counted spans of a service, by name. */
async function countSpans(prometheus: string, of: string): Promise<Counts> {
  const query = `sum by (${spanName}) (${calls}{${service}="${of}"})`;
  const samples = await queryPrometheus(prometheus, query);
  return Object.fromEntries(samples.map(({ labels, value }) => [labels[spanName] ?? '', value]));
}

const sum = (counts: Counts) => Object.values(counts).reduce((one, other) => one + other, 0);

async function waitForSpans(prometheus: string, of: string, total: number): Promise<Counts> {
  return eventually(`${total} spans of ${of}`, async () => {
    const counts = await countSpans(prometheus, of);
    if (sum(counts) !== total) throw new RetryLater(`counted: ${sum(counts)}`);
    return counts;
  });
}

const number = async (prometheus: string, query: string) =>
  (await queryPrometheus(prometheus, query))[0]?.value ?? 0;

const headSeries = `${stackMetrics.prometheusSeries}{job="prometheus"}`;
const limited = `sum(${stackMetrics.tempoGeneratorLimited})`;

/** A well-behaved service, with names of the same shape as the flood. */
const neighbour = `e2e-neighbour-${run}`;
const neighbourNames = ['GET /users', 'GET /users/{id}/orders', 'POST /api/orders', 'sync'];

/** Those that the alert names. */
const culprits = async (prometheus: string) =>
  (await queryPrometheus(prometheus, alertQuery ?? '')).map(({ labels }) => labels.service ?? '');

test('60,000 span names with ids become one, and other services keep theirs', () =>
  withUrls(['otlpHttp', 'prometheus', 'tempo'], async ({ otlpHttp, prometheus, tempo }) => {
    await sendSpans(otlpHttp, neighbour, neighbourNames);
    const before = await waitForSpans(prometheus, neighbour, neighbourNames.length);
    expect(Object.keys(before).sort()).toEqual([...neighbourNames].sort());
    const [series, wereLimited] = [
      await number(prometheus, headSeries),
      await number(prometheus, limited),
    ];

    const flooding = `e2e-ids-${run}`;
    const names = Array.from({ length: 60_000 }, (_, i) => `GET /users/${i}/orders/${hex(6)}`);
    await sendSpans(otlpHttp, flooding, names);
    const counted = await waitForSpans(prometheus, flooding, names.length);
    expect(Object.keys(counted).length).toBeLessThan(5);
    expect(counted).toHaveProperty([`GET /users/${spanNameParameter}/orders/${spanNameParameter}`]);
    // Traces keep the names.
    const query = `{ resource.service.name = "${flooding}" && name = "${names[777]}" }`;
    const found = await searchTraces(tempo, query, { start: start - 60, end: nowSeconds() });
    expect(found).toHaveLength(1);

    await sendSpans(otlpHttp, neighbour, neighbourNames);
    const after = await waitForSpans(prometheus, neighbour, 2 * neighbourNames.length);
    expect(after).toEqual(Object.fromEntries(neighbourNames.map((name) => [name, 2])));
    expect(await number(prometheus, headSeries)).toBeLessThan(series + 2000);
    expect(await number(prometheus, limited)).toBe(wereLimited);
  }));

describe('span names without a pattern', () => {
  const flooding = `e2e-words-${run}`;
  const word = (number: number) => [...`${number}`].map((digit) => 'ghijklmnop'[+digit]).join('');
  const names = Array.from(
    { length: 4000 },
    (_, i) => `run ${word(i % 50)} of ${word(Math.floor(i / 50))}`,
  );

  // The series of the flood are in Tempo's memory only, and would be missing to the next test.
  afterAll(async () => {
    await stopStatefulSet('tempo');
    await startStatefulSet('tempo');
  }, 180_000);

  test('series are limited, the alert names the service, and other services keep theirs', () =>
    withUrls(['otlpHttp', 'prometheus'], async ({ otlpHttp, prometheus }) => {
      const series = await number(prometheus, headSeries);
      await sendSpans(otlpHttp, flooding, names);
      await eventually('the alert to name the service', async () => {
        const found = await culprits(prometheus);
        if (!found.includes(flooding)) throw new RetryLater(`${found}`);
        expect(found).not.toContain(neighbour);
      });
      await eventually('the limit to be counted', async () => {
        if ((await number(prometheus, limited)) === 0) throw new RetryLater('not counted');
      });
      expect(await number(prometheus, headSeries)).toBeLessThan(
        series + maxActiveSeries(settings) + 2000,
      );
      await sendSpans(otlpHttp, neighbour, neighbourNames);
      const after = await waitForSpans(prometheus, neighbour, 3 * neighbourNames.length);
      expect(after).toEqual(Object.fromEntries(neighbourNames.map((name) => [name, 3])));
    }));
});

test('the alert names a service that pushes too many series', () =>
  withUrls(['otlpHttp', 'prometheus'], async ({ otlpHttp, prometheus }) => {
    const flooding = `e2e-pushed-${run}`;
    const total = settings.alerts.maxSeries / 5 + 1000;
    for (let from = 0; from < total; from += 5000) {
      const timeUnixNano = nanoseconds(Date.now());
      const dataPoints = Array.from({ length: Math.min(5000, total - from) }, (_, i) => ({
        ...{ timeUnixNano, asDouble: 1 },
        attributes: [{ key: 'user.id', value: { stringValue: `${from + i}` } }],
      }));
      const metric = { name: 'e2e.flood', gauge: { dataPoints } };
      await post(otlpHttp, '/v1/metrics', metricsRequest(flooding, [metric]));
    }
    await eventually('the alert to name the service', async () => {
      const found = await culprits(prometheus);
      if (!found.includes(flooding)) throw new RetryLater(`${found}`);
    });
  }));

test('a query of too many samples is refused, and Prometheus runs on', () =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const url = new URL('/api/v1/query', prometheus);
    // A sample for each millisecond.
    const seconds = Math.ceil((maxQuerySamples(settings.prometheus.memoryLimit) * 1.1) / 1000);
    url.searchParams.set('query', `count_over_time(vector(1)[${seconds}s:1ms])`);
    const response = await fetch(url);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('too many samples');
    expect(await number(prometheus, 'vector(1)')).toBe(1);
  }));
