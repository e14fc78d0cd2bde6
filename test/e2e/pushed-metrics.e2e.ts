import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { dashboardsOf } from '../../dashboards/index.ts';
import {
  interpolate,
  type PanelQuery,
  queriesOf,
  rateInterval,
} from '../../dashboards/panels/panel-queries.ts';
import { appMetrics, attributes, httpMetrics, nodeMetrics } from '../../lib/telemetry/app.ts';
import { prometheusName } from '../../lib/telemetry/metric.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';
import { keyValues, metricsRequest, nanoseconds } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, session, withUrls } from './cluster.ts';

const name = (what: string) => `${what}-${randomBytes(4).toString('hex')}`;
const send = (body: object) =>
  withUrls(['otlpHttp'], ({ otlpHttp }) =>
    fetchText(otlpHttp, '/v1/metrics', { method: 'POST', body }),
  );

/** Minutes for which an SDK has sent its metrics once a minute. */
const minutes = 15;

/** Sends what an SDK with the default interval would have sent until now. */
async function sendEveryMinute(service: string): Promise<void> {
  const start = Date.now() - minutes * 60_000;
  const points = (values: (minute: number) => object) =>
    Array.from({ length: minutes + 1 }, (_, minute) => ({
      startTimeUnixNano: nanoseconds(start - 1000),
      timeUnixNano: nanoseconds(start + minute * 60_000),
      attributes: keyValues({ [attributes.httpRoute]: '/a', [attributes.errorType]: 'timeout' }),
      ...values(minute),
    }));
  const histogram = (minute: number) => ({
    ...{ count: `${10 * minute}`, sum: minute, explicitBounds: [0.1, 1] },
    bucketCounts: [`${10 * minute}`, '0', '0'],
  });
  const cumulative = { aggregationTemporality: 2 };
  const metrics = [
    ...[httpMetrics.serverDuration, nodeMetrics.gcDuration].map((metric) => ({
      ...{ name: metric.name, unit: metric.unit },
      histogram: { ...cumulative, dataPoints: points(histogram) },
    })),
    {
      ...{ name: appMetrics.errors.name, unit: appMetrics.errors.unit },
      sum: {
        ...cumulative,
        isMonotonic: true,
        dataPoints: points((minute) => ({ asInt: `${minute}` })),
      },
    },
  ];
  await send(metricsRequest(service, metrics, { [attributes.serviceInstanceId]: name('process') }));
}

const matrix = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});

/** How many steps of the last ten minutes have a value, and how many there are. */
async function steps(service: string, query: PanelQuery) {
  const step = Math.max(15, query.interval);
  const end = Math.floor(Date.now() / 1000 / step) * step;
  const start = end - 10 * 60;
  const text = interpolate(query.text, {
    service,
    __rate_interval: rateInterval(query, step),
  });
  const { data } = await withUrls(['prometheus'], ({ prometheus }) =>
    fetchJson(prometheus, '/api/v1/query_range', matrix, {
      query: { query: text, start, end, step },
    }),
  );
  return {
    filled: Math.max(0, ...data.result.map(({ values }) => values.length)),
    all: (end - start) / step + 1,
  };
}

const metricNames = [httpMetrics.serverDuration, nodeMetrics.gcDuration, appMetrics.errors].map(
  prometheusName,
);
const queries = dashboardsOf(session.settings)
  .flatMap(queriesOf)
  .filter(({ text }) => metricNames.some((metric) => text.includes(metric)));

const minute = name('minute');
beforeAll(() => sendEveryMinute(minute));

test('there are panels of each metric', () => {
  for (const metric of metricNames) {
    expect(queries.some(({ text }) => text.includes(metric))).toBe(true);
  }
});

test.each(queries)('$dashboard / $panel has no gap for an SDK that sends once a minute', (query) =>
  eventually('every step', async () => {
    const { filled, all } = await steps(minute, query);
    if (filled !== all) throw new RetryLater(`${filled} of ${all} steps`);
  }),
);

test('with the interval of scraped metrics the same panels would be empty', async () => {
  for (const query of queries) {
    expect((await steps(minute, { ...query, interval: 15 })).filled).toBe(0);
  }
});

/** The same metric in two scopes, and one beside it. */
function twoScopes(service: string, process: string, version: string) {
  const timeUnixNano = nanoseconds(Date.now());
  const gauge = (metric: string, asDouble: number) => ({
    name: metric,
    gauge: { dataPoints: [{ timeUnixNano, asDouble }] },
  });
  const scopeMetrics = [
    { scope: { name: 'pool.a', version }, metrics: [gauge('pool.size', 1)] },
    {
      scope: { name: 'pool.b', version, attributes: keyValues({ kind: 'db' }) },
      metrics: [gauge('pool.size', 2), gauge('pool.beside', 3)],
    },
  ];
  const { resourceMetrics } = metricsRequest(service, [], {
    [attributes.serviceInstanceId]: process,
  });
  return { resourceMetrics: resourceMetrics.map((each) => ({ ...each, scopeMetrics })) };
}

test('one metric in two instrumentation scopes is two series, also after a new version', async () => {
  const service = name('scopes');
  const stored = (count: number) =>
    withUrls(['prometheus'], ({ prometheus }) =>
      eventually(`${count} series`, async () => {
        const selector = `{service_name="${service}", __name__=~"pool_.+"}`;
        const found = await queryPrometheus(prometheus, selector);
        if (found.length !== count) throw new RetryLater(`${found.length}`);
        return found.map(({ labels, value }) => [
          labels.__name__,
          labels.otel_scope_name,
          labels.otel_scope_version,
          labels.otel_scope_kind,
          value,
        ]);
      }),
    );
  const first = [
    ['pool_size', 'pool.a', '1.0.0', undefined, 1],
    ['pool_size', 'pool.b', '1.0.0', 'db', 2],
    ['pool_beside', 'pool.b', '1.0.0', 'db', 3],
  ];
  await send(twoScopes(service, 'process-1', '1.0.0'));
  expect((await stored(3)).sort()).toEqual([...first].sort());
  await send(twoScopes(service, 'process-2', '1.1.0'));
  const second = first.map(([metric, scope, , ...rest]) => [metric, scope, '1.1.0', ...rest]);
  expect((await stored(6)).sort()).toEqual([...first, ...second].sort());
});
