import { z } from 'zod';
import { fetchJson, type HttpApiOrUrl } from './http.ts';

const labels = z.record(z.string(), z.string());

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Runs an instant query, now or at a time in seconds. */
export async function queryPrometheus(
  url: HttpApiOrUrl,
  expression: string,
  time?: number,
): Promise<Sample[]> {
  const query = { query: expression, ...(time !== undefined && { time }) };
  const { data } = await fetchJson(url, '/api/v1/query', vector, { query });
  return data.result.map(({ metric, value: [, value] }) => ({
    labels: metric,
    value: Number(value),
  }));
}

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

/** The labels of the exemplars of some series. */
export async function queryExemplars(
  url: string,
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

/** The active scrape targets, with the result of the last scrape. */
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
