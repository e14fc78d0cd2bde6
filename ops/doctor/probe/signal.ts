import { exporters } from '../../../lib/collector/config.ts';
import { type DatasourceUid, datasourceUids } from '../../../lib/model/datasource-uids.ts';
import type { Component } from '../../../lib/model/topology.ts';
import { collectorMetrics } from '../../../lib/telemetry/collector.ts';
import type { Signal } from './mark.ts';

export interface SignalPath {
  readonly store: Component & DatasourceUid;
  readonly exporter: string;
  /** What the collector counts when it has taken an item, and when its store has. */
  readonly accepted: string;
  readonly sent: string;
}

/** The way of each signal from the collector to Grafana. */
export const paths: Readonly<Record<Signal, SignalPath>> = {
  metrics: {
    store: datasourceUids.prometheus,
    exporter: exporters.metrics,
    accepted: collectorMetrics.acceptedMetricPoints,
    sent: collectorMetrics.sentMetricPoints,
  },
  logs: {
    store: datasourceUids.loki,
    exporter: exporters.logs,
    accepted: collectorMetrics.acceptedLogRecords,
    sent: collectorMetrics.sentLogRecords,
  },
  traces: {
    store: datasourceUids.tempo,
    exporter: exporters.traces,
    accepted: collectorMetrics.acceptedSpans,
    sent: collectorMetrics.sentSpans,
  },
};
