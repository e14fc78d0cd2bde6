import { z } from 'zod';
import { fetchJson } from '../../ops/stores/http.ts';

const silence = z.object({ status: z.object({ state: z.string() }) });

export async function silenceState(alertmanager: string, id: string): Promise<string> {
  return (await fetchJson(alertmanager, `/api/v2/silence/${id}`, silence)).status.state;
}
