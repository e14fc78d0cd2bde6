import { type Base, fetchText } from '../../stores/http.ts';
import type { OtlpResponse } from '../../stores/otlp.ts';
import type { Mark, Signal } from './mark.ts';
import { otlpRequest, requireAll } from './otlp.ts';

/** Sends one item by OTLP over HTTP, in its JSON form. */
export async function sendByHttp(base: Base, signal: Signal, mark: Mark): Promise<void> {
  const body = otlpRequest(signal, mark, (hex) => hex);
  const answer = await fetchText(base, `/v1/${signal}`, { method: 'POST', body });
  requireAll(JSON.parse(answer || '{}') as OtlpResponse);
}
