import { z } from 'zod';
import { parsePage } from './exposition.ts';
import { fetchJson, fetchText, type HttpApiOrUrl } from './http.ts';
import { countPresent, presenceQueries, type Store } from './store.ts';

const silence = z.object({ id: z.string(), status: z.object({ state: z.string() }) });

/** All silences, expired ones too. */
export function readSilences(url: HttpApiOrUrl) {
  return fetchJson(url, '/api/v2/silences', z.array(silence));
}

const alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    receivers: z.array(z.object({ name: z.string() })),
    status: z.object({ state: z.string(), inhibitedBy: z.array(z.string()) }),
  }),
);

export function findAlerts(url: string, alertname: string) {
  const query = { filter: `alertname="${alertname}"` };
  return fetchJson(url, '/api/v2/alerts', alerts, { query });
}

export async function notificationCounts(url: string) {
  const text = await fetchText(url, '/metrics');
  return {
    sent: sumByIntegration(text, 'alertmanager_notifications_total'),
    failed: sumByIntegration(text, 'alertmanager_notifications_failed_total'),
  };
}

/** The values of a metric on a page, summed by the label `integration`. */
export function sumByIntegration(page: string, metric: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { metric: name, labels, value } of parsePage(page)) {
    const { integration } = labels;
    if (name !== metric || integration === undefined) continue;
    sums.set(integration, (sums.get(integration) ?? 0) + value);
  }
  return sums;
}

const silenceIds = async (api: HttpApiOrUrl) => (await readSilences(api)).map(({ id }) => id);

export const alertmanagerStore: Store = {
  name: 'alertmanager',
  listQueries: async (api, now) => presenceQueries(await silenceIds(api), now),
  count: async (api, queries) => countPresent(await silenceIds(api), queries),
  // The default of --data.retention: expired silences are kept that long.
  retentionHours: () => 120,
};
