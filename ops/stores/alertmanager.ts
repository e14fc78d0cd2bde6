import { z } from 'zod';
import { fetchJson, type HttpApiOrUrl } from './http.ts';
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

const silenceIds = async (api: HttpApiOrUrl) => (await readSilences(api)).map(({ id }) => id);

export const alertmanagerStore: Store = {
  name: 'alertmanager',
  listQueries: async (api, now) => presenceQueries(await silenceIds(api), now),
  count: async (api, queries) => countPresent(await silenceIds(api), queries),
  // The default of --data.retention: expired silences are kept that long.
  retentionHours: () => 120,
};
