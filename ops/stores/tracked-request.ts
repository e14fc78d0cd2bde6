import { randomBytes } from 'node:crypto';
import { keepTraceState } from '../../lib/telemetry/probes.ts';

/** Creates a W3C trace context (https://www.w3.org/TR/trace-context/#traceparent-header). */
export function newTraceContext() {
  // Without leading zeros, which some responses of Tempo omit.
  const traceId = `a${randomBytes(16).toString('hex').slice(1)}`;
  const parentId = `b${randomBytes(8).toString('hex').slice(1)}`;
  return { traceId, parentId, traceparent: `00-${traceId}-${parentId}-01` };
}

/**
 * Sends a request with a new trace id, so that its telemetry can be found in every store, and a trace
 * state that exempts it from sampling.
 *
 * @returns `parentId`, the parent of the app's first span, which is never stored; `sentAt` in seconds
 */
export async function sendTracked(
  appUrl: string,
  path: string,
  init: { readonly method?: string; readonly body?: unknown } = {},
) {
  const { traceId, parentId, traceparent } = newTraceContext();
  const sentAt = Date.now() / 1000;
  const response = await fetch(new URL(path, appUrl), {
    method: init.method ?? 'GET',
    headers: {
      traceparent,
      tracestate: `${keepTraceState.key}=${keepTraceState.value}`,
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    },
    body: init.body === undefined ? undefined : JSON.stringify(init.body),
    signal: AbortSignal.timeout(20_000),
  });
  await response.arrayBuffer();
  return { traceId, parentId, sentAt, status: response.status };
}

export type TrackedRequest = Awaited<ReturnType<typeof sendTracked>>;
