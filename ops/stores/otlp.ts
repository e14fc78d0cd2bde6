import { attributes } from '../../lib/telemetry/app.ts';

type Attributes = Readonly<Record<string, string>>;

/**
 * Requests of OTLP in their JSON form (https://opentelemetry.io/docs/specs/otlp/), one resource each,
 * with more attributes than its service.name if they are given.
 */

export function logsRequest(service: string, logRecords: readonly object[], more?: Attributes) {
  return { resourceLogs: [{ resource: resource(service, more), scopeLogs: [{ logRecords }] }] };
}

export function tracesRequest(service: string, spans: readonly object[], more?: Attributes) {
  return { resourceSpans: [{ resource: resource(service, more), scopeSpans: [{ spans }] }] };
}

export function metricsRequest(service: string, metrics: readonly object[], more?: Attributes) {
  return { resourceMetrics: [{ resource: resource(service, more), scopeMetrics: [{ metrics }] }] };
}

function resource(service: string, more?: Attributes) {
  return { attributes: keyValues({ [attributes.serviceName]: service, ...more }) };
}

export function keyValues(values: Attributes) {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/** A time in whole milliseconds, as OTLP writes it. */
export function nanoseconds(milliseconds: number): string {
  return `${milliseconds}000000`;
}

/** SPAN_KIND_INTERNAL: not counted in request rates. */
export const internalSpan = 1;

export const severityNumbers = { INFO: 9, ERROR: 17 } as const;

export function severity(severityText: keyof typeof severityNumbers) {
  return { severityText, severityNumber: severityNumbers[severityText] };
}

/** The response of an OTLP receiver; `partialSuccess` reports rejected items. */
export interface OtlpResponse {
  readonly partialSuccess?: {
    readonly errorMessage?: string;
    readonly [rejected: string]: unknown;
  } | null;
}

/** The reason why items were rejected, or undefined if none were. */
export function rejection({ partialSuccess }: OtlpResponse): string | undefined {
  const { errorMessage, ...rejected } = partialSuccess ?? {};
  if (Object.values(rejected).every((count) => Number(count) === 0)) return undefined;
  return errorMessage || 'without a reason';
}
