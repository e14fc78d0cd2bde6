import { z } from 'zod';
import type { Login } from '../cluster/secret.ts';
import { fetchJson, fetchText, type HttpBase } from './http.ts';

export interface Grafana {
  readonly url: string;
  readonly login: Login;
  /** How long one answer may take. @default - as fetchText has it */
  readonly timeoutMs?: number;
}

/** How a person's login is sent. */
export function headers({ login: { user, password } }: Pick<Grafana, 'login'>) {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const health = z.object({ status: z.string().optional(), message: z.string().optional() });

/** What a datasource says about its own health: the plugin in Grafana asks the store. */
export function datasourceHealth(grafana: Grafana, uid: string) {
  const { url, timeoutMs } = grafana;
  const path = `/api/datasources/uid/${uid}/health`;
  return fetchJson({ url, timeoutMs }, path, health, { headers: headers(grafana) });
}

/** The API of a store, as Grafana passes it on to panels that ask a datasource. */
export function datasourceApi(grafana: Grafana, uid: string): HttpBase {
  const url = `${grafana.url}/api/datasources/proxy/uid/${uid}`;
  return { url, headers: headers(grafana), timeoutMs: grafana.timeoutMs };
}

/** An answer of a store, asked through a datasource as a panel would. */
export function throughDatasource(grafana: Grafana, uid: string, path: string): Promise<string> {
  return fetchText(datasourceApi(grafana, uid), path);
}

const dashboard = z.object({ dashboard: z.object({ uid: z.string(), title: z.string() }) });

/** Saves an empty dashboard, as a person would in the browser. */
export async function createDashboard(grafana: Grafana, uid: string, title: string) {
  await fetchText(grafana.url, '/api/dashboards/db', {
    method: 'POST',
    headers: headers(grafana),
    body: { dashboard: { id: null, uid, title, schemaVersion: 41, panels: [] }, overwrite: false },
  });
}

export async function readDashboard(grafana: Grafana, uid: string) {
  const path = `/api/dashboards/uid/${uid}`;
  return (await fetchJson(grafana.url, path, dashboard, { headers: headers(grafana) })).dashboard;
}

const found = z.array(z.object({ uid: z.string() }));

/** The uid of every dashboard, provisioned or made by people. */
export async function findDashboards(grafana: Grafana): Promise<string[]> {
  const uids: string[] = [];
  for (let page = 1; ; page += 1) {
    const query = { type: 'dash-db', limit: 1000, page };
    const answer = await fetchJson(grafana.url, '/api/search', found, {
      query,
      headers: headers(grafana),
    });
    uids.push(...answer.map(({ uid }) => uid));
    if (answer.length < 1000) return uids;
  }
}

export async function deleteDashboard(grafana: Grafana, uid: string): Promise<void> {
  const request = { method: 'DELETE', headers: headers(grafana) } as const;
  await fetchText(grafana.url, `/api/dashboards/uid/${uid}`, request);
}
