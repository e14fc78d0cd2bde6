import { maxRequestMebibytes } from '../../lib/telemetry/limits.ts';
import type { Signal } from '../../lib/telemetry/signal.ts';

/** A request that the collector answers with an error, so that its sender knows. */
export interface RefusedRequest {
  readonly what: string;
  readonly signal: Signal;
  readonly status: number;
  readonly contentType: string;
  readonly body: () => string | Uint8Array<ArrayBuffer>;
}

const json = 'application/json';
const span = (ids: object) =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids, name: 'odd' }] }] }] });

export const refusedRequests: readonly RefusedRequest[] = [
  {
    ...{ what: 'truncated JSON', signal: 'logs', status: 400, contentType: json },
    body: () => '{"resourceLogs": [',
  },
  {
    ...{ what: 'bytes that are not protobuf', signal: 'traces', status: 400 },
    contentType: 'application/x-protobuf',
    body: () => Uint8Array.of(0xff, 0xfe, 0xfd, 0x20),
  },
  {
    ...{ what: 'a content type that OTLP does not have', signal: 'logs', status: 415 },
    contentType: 'text/plain',
    body: () => 'hello',
  },
  {
    ...{ what: `a request above ${maxRequestMebibytes} MiB`, signal: 'logs', status: 400 },
    contentType: json,
    body: () => 'x'.repeat(maxRequestMebibytes * 1024 * 1024 + 1),
  },
  {
    ...{ what: 'a span id of 4 bytes', signal: 'traces', status: 400, contentType: json },
    body: () => span({ traceId: 'ab'.repeat(16), spanId: 'ab'.repeat(4) }),
  },
];
