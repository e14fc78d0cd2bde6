import { attributes, doctorMetric, doctorProtocol, doctorService } from '../../lib/telemetry.ts';
import type { Mark, Signal } from './mark.ts';

/** Ids are hex in OTLP's JSON and bytes in its binary form. */
export type WriteId = (hex: string) => unknown;

/** OpenTelemetry's SPAN_KIND_INTERNAL: nobody's request, so it counts in no service's rates. */
const internal = 1;
const info = 9;

/** One item of a signal, as a request of OTLP. */
export function otlpRequest(signal: Signal, mark: Mark, id: WriteId): object {
  const resource = keyValues({ [attributes.serviceName]: doctorService });
  const time = nanoseconds(mark.sentAt);
  const ids = { traceId: id(mark.traceId), spanId: id(mark.spanId) };
  switch (signal) {
    case 'metrics': {
      const { name, description, unit } = doctorMetric;
      const point = {
        timeUnixNano: time,
        asDouble: mark.value,
        ...keyValues({ [doctorProtocol]: mark.protocol }),
      };
      const metric = { name, description, unit, gauge: { dataPoints: [point] } };
      return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] };
    }
    case 'logs': {
      const record = {
        timeUnixNano: time,
        severityNumber: info,
        severityText: 'INFO',
        body: { stringValue: mark.text },
        ...ids,
      };
      return { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] };
    }
    case 'traces': {
      const span = {
        ...ids,
        name: `doctor by ${mark.protocol}`,
        kind: internal,
        startTimeUnixNano: time,
        endTimeUnixNano: nanoseconds(mark.sentAt + 1),
      };
      return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
    }
  }
}

function nanoseconds(milliseconds: number): string {
  return `${milliseconds}000000`;
}

function keyValues(values: Readonly<Record<string, string>>) {
  const pairs = Object.entries(values);
  return { attributes: pairs.map(([key, value]) => ({ key, value: { stringValue: value } })) };
}

/** What a collector says when it took a request but not all that was in it. */
export interface OtlpResponse {
  readonly partialSuccess?: {
    readonly errorMessage?: string;
    readonly [rejected: string]: unknown;
  } | null;
}

/** @throws Error when something was rejected, whatever the signal calls its number */
export function requireAll({ partialSuccess }: OtlpResponse): void {
  const { errorMessage, ...rejected } = partialSuccess ?? {};
  if (Object.values(rejected).every((count) => Number(count) === 0)) return;
  throw new Error(`rejected: ${errorMessage || 'without a reason'}`);
}
