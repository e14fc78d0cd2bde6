import { deliveryService } from '../../lib/telemetry/probes.ts';
import type { Signal } from '../../lib/telemetry/signal.ts';
import {
  internalSpan,
  keyValues,
  logsRequest,
  metricsRequest,
  severity,
  tracesRequest,
} from '../../ops/stores/otlp.ts';

/** The types of numbered items. Each type has its own numbers. */
export const itemTypes = ['logs', 'spans', 'samples'] as const;
export type ItemType = (typeof itemTypes)[number];

export const signalOf = {
  logs: 'logs',
  spans: 'traces',
  samples: 'metrics',
} as const satisfies Record<ItemType, Signal>;

/** The attribute with the id of the run, which distinguishes its items from those of other runs. */
export const runAttribute = 'delivery.run';
export const sampleName = 'delivery.number';
/** Distinguishes series, as a series has one sample at a time. */
const seriesAttribute = 'delivery.series';
const seriesCount = 1000;

/** Items with consecutive numbers, which are sent in one request. */
export interface Batch {
  readonly type: ItemType;
  readonly run: string;
  /** The first number. Numbers start with 1, as 0 is no valid span id. */
  readonly first: number;
  readonly size: number;
  /** The time of the first item, in milliseconds. The others follow within `batchMs`. */
  readonly at: number;
  /** The trace of all spans of the batch, in hex. */
  readonly traceId: string;
}

/** The longest time between the first and the last item of a batch. */
export const batchMs = 250;

/** The items of a batch as OTLP messages: log records, spans, or one metric with all samples. */
export function batchItems(batch: Batch): object[] {
  const { type, run, first, size, at, traceId } = batch;
  const attributes = keyValues({ [runAttribute]: run });
  const start = BigInt(at) * 1_000_000n;
  const make = {
    logs: (index: number) => ({
      timeUnixNano: String(start + BigInt(index) * 1000n),
      ...severity('INFO'),
      body: { stringValue: String(first + index) },
      attributes,
    }),
    spans: (index: number) => ({
      traceId: Buffer.from(traceId, 'hex'),
      spanId: spanId(first + index),
      name: 'numbered',
      kind: internalSpan,
      startTimeUnixNano: String(start + BigInt(index) * 1000n),
      endTimeUnixNano: String(start + BigInt(index) * 1000n + 1_000_000n),
      attributes,
    }),
    samples: (index: number) => ({
      timeUnixNano: String(start + BigInt(Math.floor(index / seriesCount)) * 1_000_000n),
      asDouble: first + index,
      attributes: [...attributes, ...keyValues({ [seriesAttribute]: `${index % seriesCount}` })],
    }),
  }[type];
  const items = Array.from({ length: size }, (_, index) => make(index));
  return type === 'samples' ? [{ name: sampleName, gauge: { dataPoints: items } }] : items;
}

const makeRequest = { logs: logsRequest, spans: tracesRequest, samples: metricsRequest };

/** The OTLP request with the items of a batch, to be encoded as protobuf. */
export function batchRequest(batch: Batch): object {
  return makeRequest[batch.type](deliveryService, batchItems(batch));
}

function spanId(number: number): Buffer {
  return Buffer.from(number.toString(16).padStart(16, '0'), 'hex');
}
