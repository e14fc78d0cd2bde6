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

/** The types of items in a batch: each number is sent as a log line, a span and a sample. */
export const itemTypes = ['logs', 'spans', 'samples'] as const;
export type ItemType = (typeof itemTypes)[number];

/** The attribute with the id of the run, which distinguishes its items from those of other runs. */
export const runAttribute = 'delivery.run';
export const sampleName = 'delivery.number';

export interface Batch {
  readonly run: string;
  readonly numbers: readonly number[];
  /** The trace of all spans of the batch. */
  readonly traceId: string;
  /** The time of the first item, in milliseconds; each following item is a millisecond later. */
  readonly at: number;
}

/** The OTLP/HTTP path for each type. */
export const otlpPaths: Readonly<Record<ItemType, string>> = {
  logs: '/v1/logs',
  spans: '/v1/traces',
  samples: '/v1/metrics',
};

export const requestBodies: Readonly<Record<ItemType, (batch: Batch) => unknown>> = {
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

/** Makes an item for each number of a batch, with its time and run. */
function items({ numbers, at, run }: Batch, make: (number: number, at: number) => object) {
  const attributes = keyValues({ [runAttribute]: run });
  return numbers.map((number, index) => ({ ...make(number, at + index), attributes }));
}

/** The number of a span as its id. Numbers start with 1, as 0 is no valid id. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** Whether an OTLP response reports no rejected items. */
export function isFullyAccepted(response: string): boolean {
  return rejection(JSON.parse(response || '{}') as OtlpResponse) === undefined;
}
