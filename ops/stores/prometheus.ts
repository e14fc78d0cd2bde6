import { z } from 'zod';
import { collectorMetrics, exporterNames } from '../../lib/telemetry/collector.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { doctorMetric, doctorProtocol } from '../../lib/telemetry/probes.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { RetryLater } from '../process/retry.ts';
import { fetchJson, type HttpApiOrUrl } from './http.ts';
import { atEachAge, countEach, type SignalStore, slackSeconds } from './store.ts';

const labels = z.record(z.string(), z.string());

const vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
  }),
});

/**
 * Runs an instant query, now or at a time in seconds.
 *
 * @param prefix path of the API; `/loki` for LogQL
 */
export async function queryPrometheus(
  url: HttpApiOrUrl,
  expression: string,
  time?: number,
  prefix = '',
) {
  const query = { query: expression, ...(time !== undefined && { time }) };
  const { data } = await fetchJson(url, `${prefix}/api/v1/query`, vector, { query });
  return data.result.map(({ metric, value: [, value] }) => ({
    labels: metric,
    value: Number(value),
  }));
}

export type Sample = Awaited<ReturnType<typeof queryPrometheus>>[number];

const matrix = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});

/** All values of a range selector, such as `up[5m]`, before now or a time in seconds. */
export async function queryValues(
  url: HttpApiOrUrl,
  selector: string,
  time?: number,
): Promise<number[]> {
  const query = { query: selector, ...(time !== undefined && { time }) };
  const { data } = await fetchJson(url, '/api/v1/query', matrix, { query });
  return data.result.flatMap(({ values }) => values.map(([, value]) => Number(value)));
}

const exemplars = z.object({
  data: z.array(
    z.object({
      seriesLabels: labels,
      exemplars: z.array(z.object({ labels, timestamp: z.number() })),
    }),
  ),
});

export async function queryExemplars(
  url: HttpApiOrUrl,
  expression: string,
  range: { readonly start: number; readonly end: number },
): Promise<Readonly<Record<string, string>>[]> {
  const query = { query: expression, ...range };
  const { data } = await fetchJson(url, '/api/v1/query_exemplars', exemplars, { query });
  return data.flatMap((series) => series.exemplars.map((exemplar) => exemplar.labels));
}

const targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        scrapePool: z.string(),
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string(),
      }),
    ),
  }),
});

export async function scrapeTargets(url: HttpApiOrUrl) {
  return (await fetchJson(url, '/api/v1/targets', targets)).data.activeTargets;
}

const alerts = z.object({
  data: z.object({
    alerts: z.array(
      z.object({ labels, annotations: labels, state: z.string(), activeAt: z.string() }),
    ),
  }),
});

export type ActiveAlert = z.output<typeof alerts>['data']['alerts'][number];

/**
 * All pending and firing alerts.
 *
 * @param prefix path of the API; `/prometheus` for Loki
 */
export async function activeAlerts(url: string, prefix = ''): Promise<ActiveAlert[]> {
  return (await fetchJson(url, `${prefix}/api/v1/alerts`, alerts)).data.alerts;
}

const rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() }),
        ),
      }),
    ),
  }),
});

/**
 * All rules, with the health of their last evaluation: `ok`, `err` or `unknown`.
 *
 * @param prefix path of the API; `/prometheus` for Loki
 */
export async function ruleGroups(url: HttpApiOrUrl, prefix = '') {
  return (await fetchJson(url, `${prefix}/api/v1/rules`, rules)).data.groups;
}

const own = '{job="prometheus"}';

export const prometheusStore = {
  name: 'prometheus',
  signal: 'metrics',
  exporter: exporterNames.metrics,
  accepted: collectorMetrics.acceptedMetricPoints,
  sent: collectorMetrics.sentMetricPoints,
  rulesPrefix: '',
  usage: {
    unit: 'samples',
    ingested: stackMetrics.prometheusSamples,
    // Of the chunks that were compacted to blocks since the start.
    bytesPerUnit: `sum(${stackMetrics.prometheusChunkBytes}${own}) / sum(${stackMetrics.prometheusChunkSamples}${own})`,
    // https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects
    maxBytesPerUnit: 2,
    fixedBytes: stackMetrics.prometheusWalBytes,
    // It deletes its oldest block if this share of the volume is used.
    usableRatio: 0.8,
  },

  async find(api, { protocol, value }) {
    const name = prometheusName(doctorMetric);
    const selector = `${name}{${label(doctorProtocol)}="${protocol}"}[${slackSeconds}s]`;
    const values = await queryValues(api, selector);
    if (!values.includes(value)) throw new RetryLater(`${values.length} other samples of ${name}`);
  },

  listQueries: async (_, now) => atEachAge('count({__name__=~".+"})', now),
  count: (api, queries) =>
    countEach(
      queries,
      async ({ what, at }) => (await queryPrometheus(api, what, at))[0]?.value ?? 0,
    ),
  retentionHours: ({ prometheus }) => prometheus.retention.toHours(),
} as const satisfies SignalStore;
