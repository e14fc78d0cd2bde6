/**
 * Internal metrics of the collector, with the suffixes for units and counters that Prometheus
 * expects.
 */
export const collectorMetrics = {
  acceptedSpans: 'otelcol_receiver_accepted_spans_total',
  acceptedMetricPoints: 'otelcol_receiver_accepted_metric_points_total',
  acceptedLogRecords: 'otelcol_receiver_accepted_log_records_total',
  sentSpans: 'otelcol_exporter_sent_spans_total',
  sentMetricPoints: 'otelcol_exporter_sent_metric_points_total',
  sentLogRecords: 'otelcol_exporter_sent_log_records_total',
  refusedSpans: 'otelcol_receiver_refused_spans_total',
  refusedMetricPoints: 'otelcol_receiver_refused_metric_points_total',
  refusedLogRecords: 'otelcol_receiver_refused_log_records_total',
  failedSpans: 'otelcol_receiver_failed_spans_total',
  failedMetricPoints: 'otelcol_receiver_failed_metric_points_total',
  failedLogRecords: 'otelcol_receiver_failed_log_records_total',
  sendFailedSpans: 'otelcol_exporter_send_failed_spans_total',
  sendFailedMetricPoints: 'otelcol_exporter_send_failed_metric_points_total',
  sendFailedLogRecords: 'otelcol_exporter_send_failed_log_records_total',
  enqueueFailedSpans: 'otelcol_exporter_enqueue_failed_spans_total',
  enqueueFailedMetricPoints: 'otelcol_exporter_enqueue_failed_metric_points_total',
  enqueueFailedLogRecords: 'otelcol_exporter_enqueue_failed_log_records_total',
  inFlight: 'otelcol_exporter_in_flight_requests',
  memoryRss: 'otelcol_process_memory_rss_bytes',
  cpuSeconds: 'otelcol_process_cpu_seconds_total',
  uptime: 'otelcol_process_uptime_seconds_total',
  incomingItems: 'otelcol_processor_incoming_items_total',
  outgoingItems: 'otelcol_processor_outgoing_items_total',
  heapAlloc: 'otelcol_process_runtime_heap_alloc_bytes',
  queueSize: 'otelcol_exporter_queue_size',
  queueCapacity: 'otelcol_exporter_queue_capacity',
  filteredSpans: 'otelcol_processor_filter_spans_filtered_total',
  filteredMetricPoints: 'otelcol_processor_filter_datapoints_filtered_total',
  filteredLogRecords: 'otelcol_processor_filter_logs_filtered_total',
  deltaMetricPoints: 'otelcol_deltatocumulative_datapoints_total',
  podAssociation: 'otelcol_k8s_pod_association_total',
} as const;

/** The exporter of a destination of collector.forward. */
export function forwardExporter(protocol: 'http' | 'grpc', name: string): string {
  return `otlp_${protocol}/forward-${name}`;
}

/** All of these exporters, as a regular expression. */
export const forwardExporters = '.+/forward-.+';

const forwardPattern = new RegExp(`^${forwardExporters}$`);

export function isForwardExporter(exporter: string): boolean {
  return forwardPattern.test(exporter);
}

/**
 * Counters of items that the collector refused or lost, by the value of the alerts' label `signal`.
 */
export const collectorFailures = {
  refused: {
    spans: collectorMetrics.refusedSpans,
    metrics: collectorMetrics.refusedMetricPoints,
    logs: collectorMetrics.refusedLogRecords,
  },
  /** Lost: the store returned a permanent error. */
  sendFailed: {
    spans: collectorMetrics.sendFailedSpans,
    metrics: collectorMetrics.sendFailedMetricPoints,
    logs: collectorMetrics.sendFailedLogRecords,
  },
  /** Lost: the queue was full. */
  enqueueFailed: {
    spans: collectorMetrics.enqueueFailedSpans,
    metrics: collectorMetrics.enqueueFailedMetricPoints,
    logs: collectorMetrics.enqueueFailedLogRecords,
  },
} as const;

/**
 * Counters of items that a filter processor dropped, by signal, with the processor's name in the
 * label `filter`.
 */
export const collectorFiltered = {
  spans: collectorMetrics.filteredSpans,
  metrics: collectorMetrics.filteredMetricPoints,
  logs: collectorMetrics.filteredLogRecords,
} as const;

/** The filter processor that drops what no store can represent, in the pipelines of all signals. */
export const invalidFilter = 'filter/invalid';

/** The exporter of each signal, as in the label `exporter` of the collector's internal metrics. */
export const exporterNames = {
  metrics: 'otlp_http/prometheus',
  logs: 'otlp_http/loki',
  traces: 'otlp_grpc/tempo',
} as const;

/** The exporter of traces to an external Tempo, which is reached over HTTP. */
export const externalTracesExporter = 'otlp_http/tempo';
