import { randomBytes } from 'node:crypto';
import { keptTraces } from '../../lib/telemetry/probes.ts';

/** A request that can be found again in every store, because we chose its trace id. */
export interface TrackedRequest {
  readonly traceId: string;
  /** Our own span, which is never stored: the parent of the app's first one. */
  readonly parentId: string;
  /** When it was sent, in seconds. */
  readonly sentAt: number;
  readonly status: number;
}

/** A W3C trace context of our own (https://www.w3.org/TR/trace-context/#traceparent-header). */
export function newTraceContext() {
  // Some of Tempo's answers leave leading zeros out, so there shall be none.
  const traceId = `a${randomBytes(16).toString('hex').slice(1)}`;
  const parentId = `b${randomBytes(8).toString('hex').slice(1)}`;
  return { traceId, parentId, traceparent: `00-${traceId}-${parentId}-01` };
}

/** Asks the app for a path, under a trace id of our own that no sampling drops. */
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
      tracestate: `${keptTraces.key}=${keptTraces.value}`,
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    },
    body: init.body === undefined ? undefined : JSON.stringify(init.body),
    signal: AbortSignal.timeout(20_000),
  });
  await response.arrayBuffer();
  return { traceId, parentId, sentAt, status: response.status };
}
