import { createHash } from 'node:crypto';
import { collectorMetrics } from '../../lib/telemetry/collector.ts';
import type { DiscardSource } from '../../lib/telemetry/discards/reason.ts';
import type { Signal } from '../../lib/telemetry/signal.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';

/** What becomes of an odd item that the collector has accepted. */
export type ExpectedOutcome =
  /** Stored as it was sent, or with the change that `as` states. */
  | { readonly stored: true; readonly as?: string }
  /** Dropped alone, because its store cannot represent it, and counted. */
  | { readonly stored: false; readonly discard: Discard };

/** A counter of discarded items, of lib/telemetry/discards. */
export interface Discard {
  readonly job: DiscardSource['job'];
  readonly metric: string;
  readonly label: string;
  readonly reason: string;
}

const discards = {
  invalid: {
    job: 'otel-collector',
    metric: collectorMetrics.filteredMetricPoints,
    label: 'filter',
    reason: 'filter/invalid',
  },
  olderStart: {
    job: 'otel-collector',
    metric: collectorMetrics.deltaMetricPoints,
    label: 'error',
    reason: 'delta.ErrOlderStart',
  },
  tooOld: {
    job: 'loki',
    metric: stackMetrics.lokiDiscarded,
    label: 'reason',
    reason: 'greater_than_max_sample_age',
  },
  traceTooLarge: {
    job: 'tempo',
    metric: stackMetrics.tempoDiscarded,
    label: 'reason',
    reason: 'trace_too_large',
  },
} as const satisfies Record<string, Discard>;

/** What an odd item is made of: its marker makes it findable, `at` is now in milliseconds. */
export interface Sent {
  readonly marker: string;
  readonly at: number;
}

export interface OddItem {
  readonly signal: Signal;
  /** What is odd about it, as in the table of docs/troubleshooting.md. */
  readonly what: string;
  readonly outcome: ExpectedOutcome;
  /** A metric, log record or span in the JSON form of OTLP. */
  readonly item: (sent: Sent) => object;
  /** Attributes of its resource. @default - only a service name */
  readonly resource?: (sent: Sent) => readonly object[];
  readonly scope?: (sent: Sent) => object;
  /**
   * A query that finds it: PromQL, a LogQL pipeline behind a filter for the marker, or TraceQL.
   * @default - by its marker
   */
  readonly find?: (sent: Sent) => string;
  /** The value that a PromQL query returns. @default - any */
  readonly value?: number;
}

export const stored = { stored: true } as const;
export const changed = (as: string): ExpectedOutcome => ({ stored: true, as });
export const dropped = (name: keyof typeof discards): ExpectedOutcome => ({
  stored: false,
  discard: discards[name],
});

/** Bytes that are not UTF-8 take the place of this text of the same length once it is encoded. */
export const brokenText = 'BrOkEn';

export const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** The trace of a span whose id is a marker of 16 hexadecimal digits. */
export const traceIdOf = ({ marker }: Sent) => `${marker}${marker}`;

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The name that the collector gives to an attribute without a letter or digit of ASCII. */
export const renamed = (key: string) => `attribute_${createHash('md5').update(key).digest('hex')}`;
