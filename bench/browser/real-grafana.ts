import { z } from 'zod';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';

const healthSchema = z.object({ version: z.string().default('hidden') });

/**
 * The version of a Grafana, as far as it tells strangers; undefined if it has no user interface, as a stand-in
 * in tests.
 */
export async function realGrafanaVersion(url: string): Promise<string | undefined> {
  const { version } = await fetchJson(url, '/api/health', healthSchema);
  const page = await fetchText(url, '/login?disableAutoLogin').catch(() => '');
  return page.includes('grafanaBootData') ? version : undefined;
}
