import { randomBytes } from 'node:crypto';
import { keepTraceState } from '../../lib/telemetry/probes.ts';

/** A request with a known trace id, so that its telemetry can be found in every store. */
export interface TrackedRequest {
  readonly traceId: string;
  /** The span id of the caller, which is never stored: the parent of the app's first span. */
  readonly parentId: string;
  /** When it was sent, in seconds. */
  readonly sentAt: number;
  readonly status: number;
}

/** Creates a W3C trace context (https://www.w3.org/TR/trace-context/#traceparent-header). */
export function newTraceContext() {
  // Without leading zeros, which some responses of Tempo omit.
  const traceId = `a${randomBytes(16).toString('hex').slice(1)}`;
  const parentId = `b${randomBytes(8).toString('hex').slice(1)}`;
  return { traceId, parentId, traceparent: `00-${traceId}-${parentId}-01` };
}

/** Sends a request with a new trace id and a trace state that exempts it from sampling. */
export async function sendTracked(
  appUrl: string,
  path: string,
  init: { readonly method?: string; readonly body?: unknown } = {},
): Promise<TrackedRequest> {
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
