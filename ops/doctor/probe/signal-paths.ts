import { datasourceUids } from '../../../lib/model/uids.ts';
import { collectorMetrics, exporterNames } from '../../../lib/telemetry/collector.ts';
import type { DiscardSource } from '../../../lib/telemetry/discards/reason.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';

export interface SignalPath {
  readonly store: Exclude<DiscardSource['job'], 'otel-collector'>;
  readonly exporter: string;
  /** Counters of the collector: items that it accepted, and items that the store accepted. */
  readonly accepted: string;
  readonly sent: string;
}

/** Exporter, store and counters of each signal. */
export const signalPaths: Readonly<Record<Signal, SignalPath>> = {
  metrics: {
    store: datasourceUids.prometheus,
    exporter: exporterNames.metrics,
    accepted: collectorMetrics.acceptedMetricPoints,
    sent: collectorMetrics.sentMetricPoints,
  },
  logs: {
    store: datasourceUids.loki,
    exporter: exporterNames.logs,
    accepted: collectorMetrics.acceptedLogRecords,
    sent: collectorMetrics.sentLogRecords,
  },
  traces: {
    store: datasourceUids.tempo,
    exporter: exporterNames.traces,
    accepted: collectorMetrics.acceptedSpans,
    sent: collectorMetrics.sentSpans,
  },
};
