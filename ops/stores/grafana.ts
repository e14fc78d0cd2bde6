import { z } from 'zod';
import type { Login } from '../secret.ts';
import { fetchJson, fetchText, HttpError } from './http.ts';

export interface Grafana {
  readonly url: string;
  readonly login: Login;
}

function headers({ login: { user, password } }: Grafana) {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const health = z.object({ status: z.string().optional(), message: z.string().optional() });

/** What a datasource says about its own health: the plugin in Grafana asks the store. */
export function datasourceHealth(grafana: Grafana, uid: string) {
  const path = `/api/datasources/uid/${uid}/health`;
  return fetchJson(grafana.url, path, health, { headers: headers(grafana) });
}

/** An answer of a store, asked through a datasource as a panel would. */
export function throughDatasource(grafana: Grafana, uid: string, path: string): Promise<string> {
  const proxied = `/api/datasources/proxy/uid/${uid}${path}`;
  return fetchText(grafana.url, proxied, { headers: headers(grafana) });
}

const folder = z.object({ uid: z.string(), title: z.string() });

export function createFolder(grafana: Grafana, uid: string, title: string) {
  return fetchJson(grafana.url, '/api/folders', folder, {
    method: 'POST',
    headers: headers(grafana),
    body: { uid, title },
  });
}

export function readFolder(grafana: Grafana, uid: string) {
  return fetchJson(grafana.url, `/api/folders/${uid}`, folder, { headers: headers(grafana) });
}

/** Removes a folder; one that a stand-in for Grafana cannot remove stays. */
export async function deleteFolder(grafana: Grafana, uid: string): Promise<void> {
  try {
    const request = { method: 'DELETE', headers: headers(grafana) } as const;
    await fetchText(grafana.url, `/api/folders/${uid}`, request);
  } catch (error) {
    if (!(error instanceof HttpError && error.status === 501)) throw error;
  }
}

/**
 * What a stand-in for Grafana has found wrong with our provisioning: Grafana itself has no such
 * page, and then there is nothing to read.
 */
export async function standinReport(grafana: Grafana): Promise<string | undefined> {
  try {
    return await fetchText(grafana.url, '/standin/report', { headers: headers(grafana) });
  } catch (error) {
    if (error instanceof HttpError && [404, 501].includes(error.status)) return undefined;
    throw error;
  }
}
