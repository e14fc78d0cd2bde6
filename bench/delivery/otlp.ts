import { deliveryService } from '../../lib/telemetry/probes.ts';
import {
  internalSpan,
  keyValues,
  logsRequest,
  metricsRequest,
  nanoseconds,
  type OtlpResponse,
  rejection,
  severity,
  tracesRequest,
} from '../../ops/stores/otlp.ts';

/** Numbered items as OTLP over HTTP takes them: a log line, a span and a sample for each number. */

export const signals = ['logs', 'spans', 'samples'] as const;
export type Signal = (typeof signals)[number];

/** Tells the items of one run from those of others. */
export const runAttribute = 'delivery.run';
export const sampleName = 'delivery.number';

export interface Batch {
  readonly run: string;
  readonly numbers: readonly number[];
  /** Spans of a batch are one trace. */
  readonly traceId: string;
  /** When the first of them happened; the others follow in steps of a millisecond. */
  readonly at: number;
}

/** Where each signal is sent to. */
export const paths: Readonly<Record<Signal, string>> = {
  logs: '/v1/logs',
  spans: '/v1/traces',
  samples: '/v1/metrics',
};

export const bodies: Readonly<Record<Signal, (batch: Batch) => unknown>> = {
  logs: (batch) =>
    logsRequest(
      deliveryService,
      items(batch, (number, at) => ({
        timeUnixNano: nanoseconds(at),
        ...severity('INFO'),
        body: { stringValue: String(number) },
      })),
    ),
  spans: (batch) =>
    tracesRequest(
      deliveryService,
      items(batch, (number, at) => ({
        traceId: batch.traceId,
        spanId: spanId(number),
        name: 'numbered',
        kind: internalSpan,
        startTimeUnixNano: nanoseconds(at),
        endTimeUnixNano: nanoseconds(at + 1),
      })),
    ),
  samples: (batch) => {
    const dataPoints = items(batch, (number, at) => ({
      timeUnixNano: nanoseconds(at),
      asDouble: number,
    }));
    return metricsRequest(deliveryService, [{ name: sampleName, gauge: { dataPoints } }]);
  },
};

/** An item for each number of a batch, with its time and the run that it belongs to. */
function items({ numbers, at, run }: Batch, make: (number: number, at: number) => object) {
  const attributes = keyValues({ [runAttribute]: run });
  return numbers.map((number, index) => ({ ...make(number, at + index), attributes }));
}

/** The number of a span is its id; none is 0, which is no id. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** Whether a collector took all that it was sent. */
export function allTaken(answer: string): boolean {
  return rejection(JSON.parse(answer || '{}') as OtlpResponse) === undefined;
}
