import { z } from 'zod';
import type { AdminLogin } from '../cluster/secret.ts';
import { fetchJson, type HttpApi } from './http.ts';
import { countPresent, presenceQueries, type Store } from './store.ts';

export interface GrafanaApi {
  readonly url: string;
  readonly login: AdminLogin;
  /** The limit of each request. @default - that of HttpApi */
  readonly timeoutMs?: number;
}

export function authHeaders({ login: { user, password } }: Pick<GrafanaApi, 'login'>) {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const health = z.object({ status: z.string().optional(), message: z.string().optional() });

/** Runs the health check of a datasource, in which Grafana queries the store. */
export function datasourceHealth(grafana: GrafanaApi, uid: string) {
  const { url, timeoutMs } = grafana;
  const path = `/api/datasources/uid/${uid}/health`;
  return fetchJson({ url, timeoutMs }, path, health, { headers: authHeaders(grafana) });
}

export function datasourceApi(grafana: GrafanaApi, uid: string): HttpApi {
  const url = `${grafana.url}/api/datasources/proxy/uid/${uid}`;
  return { url, headers: authHeaders(grafana), timeoutMs: grafana.timeoutMs };
}

const found = z.array(z.object({ uid: z.string() }));

/** The uids of all dashboards, provisioned or not. */
export async function dashboardUids(api: HttpApi): Promise<string[]> {
  const uids: string[] = [];
  for (let page = 1; ; page += 1) {
    const query = { type: 'dash-db', limit: 1000, page };
    const answer = await fetchJson(api, '/api/search', found, { query });
    uids.push(...answer.map(({ uid }) => uid));
    if (answer.length < 1000) return uids;
  }
}

/** Its API is called with a login. */
export const grafanaStore: Store = {
  name: 'grafana',
  listQueries: async (api, now) => presenceQueries(await dashboardUids(api), now),
  count: async (api, queries) => countPresent(await dashboardUids(api), queries),
};
