import { z } from 'zod';
import type { AdminLogin } from '../cluster/secret.ts';
import { fetchJson, fetchText, type HttpApi } from './http.ts';
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

/** The API of a store through Grafana's datasource proxy. */
export function datasourceApi(grafana: GrafanaApi, uid: string): HttpApi {
  const url = `${grafana.url}/api/datasources/proxy/uid/${uid}`;
  return { url, headers: authHeaders(grafana), timeoutMs: grafana.timeoutMs };
}

/** Creates an empty dashboard. */
export async function createDashboard(grafana: GrafanaApi, uid: string, title: string) {
  await fetchText(grafana.url, '/api/dashboards/db', {
    method: 'POST',
    headers: authHeaders(grafana),
    body: { dashboard: { id: null, uid, title, schemaVersion: 41, panels: [] }, overwrite: false },
  });
}

const found = z.array(z.object({ uid: z.string() }));

/** The uids of all dashboards, provisioned or not. */
export function findDashboards(grafana: GrafanaApi): Promise<string[]> {
  return dashboardUids({ url: grafana.url, headers: authHeaders(grafana) });
}

async function dashboardUids(api: HttpApi): Promise<string[]> {
  const uids: string[] = [];
  for (let page = 1; ; page += 1) {
    const query = { type: 'dash-db', limit: 1000, page };
    const answer = await fetchJson(api, '/api/search', found, { query });
    uids.push(...answer.map(({ uid }) => uid));
    if (answer.length < 1000) return uids;
  }
}

export async function deleteDashboard(grafana: GrafanaApi, uid: string): Promise<void> {
  const request = { method: 'DELETE', headers: authHeaders(grafana) } as const;
  await fetchText(grafana.url, `/api/dashboards/uid/${uid}`, request);
}

/** Its API is called with a login. */
export const grafanaStore: Store = {
  name: 'grafana',
  listQueries: async (api, now) => presenceQueries(await dashboardUids(api), now),
  count: async (api, queries) => countPresent(await dashboardUids(api), queries),
};
