import { collectorFiltered, collectorMetrics, invalidFilter } from '../collector.ts';
import type { DiscardReasons, DiscardSource } from './reason.ts';

/** Values of the label `error` of the processor that converts delta to cumulative temporality. */
const deltaReasons = {
  'delta.ErrOutOfOrder': {
    cause: 'a sample of delta temporality that is older than the one before it',
    action: 'send them in order, from one process for each series; or send cumulative metrics',
  },
  'delta.ErrOlderStart': {
    cause: 'a sample of delta temporality that starts before its series',
    action: 'send them in order, from one process for each series; or send cumulative metrics',
  },
  limit: {
    cause: 'more series of delta temporality than the collector keeps in memory (50,000)',
    action: 'send cumulative metrics, or fewer series',
  },
} as const satisfies DiscardReasons;

/**
 * Items that the collector drops because no store can represent them. Other filters, such as that of
 * the setting `drop`, are the user's and no fault.
 */
export const collectorDiscards: DiscardSource = {
  job: 'otel-collector',
  counters: [
    ...Object.values(collectorFiltered).map((metric) => ({
      metric,
      reason: { label: 'filter' },
      only: [invalidFilter],
    })),
    {
      metric: collectorMetrics.deltaMetricPoints,
      reason: { label: 'error' },
      only: Object.keys(deltaReasons),
    },
  ],
  reasons: {
    [invalidFilter]: {
      cause:
        'a sample that Prometheus cannot store: more than a day old, or an exponential histogram of a scale below -4',
      action: 'correct the clock or the scale of the sender, which its log names',
    },
    ...deltaReasons,
  },
};

/** Messages in the collector's log about telemetry that it gave up, and what they mean. */
export interface ExportError {
  /** A part of the message, as it can be searched for. */
  readonly message: string;
  readonly cause: string;
  readonly action: string;
}

const store = 'it names the store, and TelemetryDiscarded the reason';

export const exportErrors: readonly ExportError[] = [
  {
    message: 'HTTP Status Code 400',
    cause: `the store rejected items of the request: ${store}`,
    action: 'a wrong clock: correct it; a limit: see TelemetryDiscarded',
  },
  {
    message: 'HTTP Status Code 500',
    cause:
      'Prometheus cannot store the request: its volume is full or read-only, or a metric has no representation',
    action: 'check its log and VolumeAlmostFull',
  },
  {
    message: 'invalid temporality and type combination',
    cause: 'a delta or unspecified temporality reached Prometheus',
    action: 'remove extraConfig that bypasses the conversion, or send cumulative metrics',
  },
  {
    message: 'unsupported metric type',
    cause: 'a metric without a type reached Prometheus',
    action: 'correct the sender',
  },
  {
    message: 'InvalidArgument',
    cause: 'Tempo rejected a request for an id that is zero or has the wrong length',
    action: 'correct the sender; see invalid_span_id and invalid_trace_id of TelemetryDiscarded',
  },
  {
    message: 'Failed to split request',
    cause:
      'one item was larger than batch.max_size of the exporter, and was dropped; no counter has it',
    action: 'send smaller items; see dropping items in the message for their number',
  },
  {
    message: '413',
    cause: 'a request larger than the store accepts',
    action: 'lower batch.max_size of the exporter in collector.extraConfig',
  },
  {
    message: 'no space left on device',
    cause: "the collector's volume is full",
    action: 'a larger collector.storage, for a new installation',
  },
];
