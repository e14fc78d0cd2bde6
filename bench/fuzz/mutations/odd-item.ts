import { deliveryService } from '../../../lib/telemetry/probes.ts';
import { internalSpan, keyValues, severity } from '../../../ops/stores/otlp.ts';
import type { ItemType } from '../../delivery/numbered-batch.ts';
import type { Random } from './random.ts';

export interface KeyValue {
  key: string;
  value?: object;
}

/** An OTLP message with attributes, as it is encoded. */
export interface Message {
  attributes: KeyValue[];
  [field: string]: unknown;
}

/** An item that a mutation changes, with the messages that contain it. */
export interface MutatedItem {
  resource: Message;
  scope: Message;
  /** A log record, a span or a data point. */
  item: Message;
  /** More items of the same kind, for mutations that need two. */
  more: Message[];
  /** The metric of data points; `data` has all its fields except for the points. */
  metric: { [field: string]: unknown };
  metricType: MetricType;
  data: { [field: string]: unknown };
}

export const metricTypes = [
  'gauge',
  'sum',
  'histogram',
  'exponentialHistogram',
  'summary',
] as const;
export type MetricType = (typeof metricTypes)[number];

/** The attributes with the id of the run and the number of an odd item. */
export const oddRunAttribute = 'fuzz.run';
export const oddItemAttribute = 'fuzz.item';

/** The text of an odd log record, the name of an odd span. */
export function oddMarker(run: string, number: number): string {
  return `odd-${run}-${number}-`;
}

export const cumulative = 2;

interface OddOptions {
  readonly run: string;
  readonly number: number;
  /** The type of the metric, if it is a data point. */
  readonly metricType: MetricType;
  /** The time of the item, in milliseconds. */
  readonly at: number;
}

/** A well-formed item of every field, to be mutated. */
export function newOddItem(type: ItemType, random: Random, options: OddOptions): MutatedItem {
  const { run, number, at, metricType } = options;
  const time = `${at}000000`;
  const attributes = [
    ...keyValues({ [oddRunAttribute]: run, [oddItemAttribute]: String(number), colour: 'red' }),
    { key: 'size', value: { intValue: random.int(0, 1000) } },
  ];
  const ids = { traceId: random.bytes(16), spanId: random.bytes(8) };
  const items: Readonly<Record<ItemType, () => Message>> = {
    logs: () => ({
      ...{ timeUnixNano: time, observedTimeUnixNano: time, ...severity('INFO'), ...ids },
      body: { stringValue: oddMarker(run, number) },
      attributes,
    }),
    spans: () => ({
      ...{ ...ids, name: oddMarker(run, number), kind: internalSpan, attributes },
      startTimeUnixNano: time,
      endTimeUnixNano: `${at + 20}000000`,
      events: [{ timeUnixNano: time, name: 'event', attributes: keyValues({ shade: 'dark' }) }],
      links: [{ traceId: random.bytes(16), spanId: random.bytes(8), attributes: [] }],
      status: { code: 1 },
    }),
    samples: () => ({
      ...{ startTimeUnixNano: `${at - 60_000}000000`, timeUnixNano: time, attributes },
      ...pointValues[metricType],
      ...(metricType !== 'summary' && {
        exemplars: [{ timeUnixNano: time, asDouble: 1, ...ids, filteredAttributes: [] }],
      }),
    }),
  };
  return {
    resource: { attributes: keyValues({ 'service.name': deliveryService }) },
    scope: { name: 'fuzz', version: '1', attributes: keyValues({ library: 'fuzz' }) },
    item: items[type](),
    more: [],
    // A type each, as a name has one type in Prometheus.
    metric: { name: `fuzz.${metricType}`, unit: '1', description: 'an odd metric' },
    metricType,
    data: {
      ...(metricType === 'sum' && { isMonotonic: true }),
      ...(!['gauge', 'summary'].includes(metricType) && { aggregationTemporality: cumulative }),
    },
  };
}

const pointValues: Readonly<Record<MetricType, object>> = {
  gauge: { asDouble: 1.5 },
  sum: { asDouble: 42 },
  histogram: {
    ...{ count: 6, sum: 12.5, bucketCounts: [1, 2, 3], explicitBounds: [1, 5], min: 0.5, max: 9 },
  },
  exponentialHistogram: {
    ...{ count: 7, sum: 12.5, scale: 2, zeroCount: 1, min: -3, max: 9 },
    positive: { offset: 1, bucketCounts: [1, 2] },
    negative: { offset: -1, bucketCounts: [3] },
  },
  summary: { count: 5, sum: 10, quantileValues: [{ quantile: 0.5, value: 2 }] },
};

/** The messages of an odd item in its scope: log records, spans, or one metric. */
export function oddMessages(type: ItemType, odd: MutatedItem): object[] {
  const items = [odd.item, ...odd.more];
  if (type !== 'samples') return items;
  return [{ ...odd.metric, [odd.metricType]: { ...odd.data, dataPoints: items } }];
}
