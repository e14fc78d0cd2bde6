import { authHeaders, type GrafanaApi } from '../../ops/stores/grafana.ts';
import { fetchText } from '../../ops/stores/http.ts';

/** Creates an empty dashboard. */
export async function createDashboard(grafana: GrafanaApi, uid: string, title: string) {
  await fetchText(grafana.url, '/api/dashboards/db', {
    method: 'POST',
    headers: authHeaders(grafana),
    body: { dashboard: { id: null, uid, title, schemaVersion: 41, panels: [] }, overwrite: false },
  });
}

export async function deleteDashboard(grafana: GrafanaApi, uid: string): Promise<void> {
  const request = { method: 'DELETE', headers: authHeaders(grafana) } as const;
  await fetchText(grafana.url, `/api/dashboards/uid/${uid}`, request);
}
