import { z } from 'zod';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';

const created = z.object({ silenceID: z.string() });

/** Creates a silence of one hour; gives its id. */
export async function createSilence(url: string, alertname: string): Promise<string> {
  const now = Date.now();
  const { silenceID } = await fetchJson(url, '/api/v2/silences', created, {
    method: 'POST',
    body: {
      matchers: [{ name: 'alertname', value: alertname, isRegex: false, isEqual: true }],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + 3600_000).toISOString(),
      createdBy: 'mantis',
      comment: 'test of Mantis: silences survive restarts and restores',
    },
  });
  return silenceID;
}

export async function expireSilence(url: string, id: string): Promise<void> {
  await fetchText(url, `/api/v2/silence/${id}`, { method: 'DELETE' });
}
