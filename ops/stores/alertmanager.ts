import { z } from 'zod';
import { fetchJson, fetchText } from './http.ts';

const created = z.object({ silenceID: z.string() });

/** Silences alerts of a name that nobody uses, for an hour; gives the silence's id. */
export async function createSilence(url: string, alertname: string): Promise<string> {
  const now = Date.now();
  const { silenceID } = await fetchJson(url, '/api/v2/silences', created, {
    method: 'POST',
    body: {
      matchers: [{ name: 'alertname', value: alertname, isRegex: false, isEqual: true }],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + 3600_000).toISOString(),
      createdBy: 'mantis',
      comment: 'made to see that silences survive a restart',
    },
  });
  return silenceID;
}

const silence = z.object({ id: z.string(), status: z.object({ state: z.string() }) });

export function readSilence(url: string, id: string) {
  return fetchJson(url, `/api/v2/silence/${id}`, silence);
}

export async function expireSilence(url: string, id: string): Promise<void> {
  await fetchText(url, `/api/v2/silence/${id}`, { method: 'DELETE' });
}
