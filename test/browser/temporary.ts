import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AdminLogin } from '../../ops/cluster/secret.ts';
import { authHeaders, type GrafanaApi } from '../../ops/stores/grafana.ts';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';

/** Saves a dashboard in a folder of its own, and deletes both afterwards. */
export async function withSavedDashboard<T>(
  grafana: GrafanaApi,
  dashboard: object,
  work: () => Promise<T>,
): Promise<T> {
  const headers = authHeaders(grafana);
  const folderUid = `e2e-${randomBytes(6).toString('hex')}`;
  const folder = { uid: folderUid, title: `End-to-end test ${folderUid}` };
  await fetchText(grafana.url, '/api/folders', { method: 'POST', headers, body: folder });
  try {
    const body = { dashboard, folderUid, overwrite: false };
    await fetchText(grafana.url, '/api/dashboards/db', { method: 'POST', headers, body });
    return await work();
  } finally {
    await fetchText(grafana.url, `/api/folders/${folderUid}`, { method: 'DELETE', headers });
  }
}

const createdSchema = z.object({ id: z.number() });

/** Creates a user with the role Viewer and a random password, and deletes it afterwards. */
export async function withViewer<T>(
  grafana: GrafanaApi,
  work: (login: AdminLogin) => Promise<T>,
): Promise<T> {
  const headers = authHeaders(grafana);
  const login = {
    user: `e2e-${randomBytes(6).toString('hex')}`,
    password: randomBytes(18).toString('base64url'),
  };
  const body = { login: login.user, name: 'End-to-end test', password: login.password, OrgId: 1 };
  const created = { method: 'POST' as const, headers, body };
  const { id } = await fetchJson(grafana.url, '/api/admin/users', createdSchema, created);
  try {
    return await work(login);
  } finally {
    await fetchText(grafana.url, `/api/admin/users/${id}`, { method: 'DELETE', headers });
  }
}
