/**
 * Internal metrics of the collector, without the suffixes that lib/collector/config.ts turns off.
 */
export const collectorMetrics = {
  acceptedSpans: 'otelcol_receiver_accepted_spans',
  acceptedMetricPoints: 'otelcol_receiver_accepted_metric_points',
  acceptedLogRecords: 'otelcol_receiver_accepted_log_records',
  sentSpans: 'otelcol_exporter_sent_spans',
  sentMetricPoints: 'otelcol_exporter_sent_metric_points',
  sentLogRecords: 'otelcol_exporter_sent_log_records',
  refusedSpans: 'otelcol_receiver_refused_spans',
  refusedMetricPoints: 'otelcol_receiver_refused_metric_points',
  refusedLogRecords: 'otelcol_receiver_refused_log_records',
  failedSpans: 'otelcol_receiver_failed_spans',
  failedMetricPoints: 'otelcol_receiver_failed_metric_points',
  failedLogRecords: 'otelcol_receiver_failed_log_records',
  sendFailedSpans: 'otelcol_exporter_send_failed_spans',
  sendFailedMetricPoints: 'otelcol_exporter_send_failed_metric_points',
  sendFailedLogRecords: 'otelcol_exporter_send_failed_log_records',
  enqueueFailedSpans: 'otelcol_exporter_enqueue_failed_spans',
  enqueueFailedMetricPoints: 'otelcol_exporter_enqueue_failed_metric_points',
  enqueueFailedLogRecords: 'otelcol_exporter_enqueue_failed_log_records',
  inFlight: 'otelcol_exporter_in_flight_requests',
  memoryRss: 'otelcol_process_memory_rss',
  cpuSeconds: 'otelcol_process_cpu_seconds',
  uptime: 'otelcol_process_uptime',
  incomingItems: 'otelcol_processor_incoming_items',
  outgoingItems: 'otelcol_processor_outgoing_items',
  heapAlloc: 'otelcol_process_runtime_heap_alloc_bytes',
  queueSize: 'otelcol_exporter_queue_size',
  queueCapacity: 'otelcol_exporter_queue_capacity',
  filteredSpans: 'otelcol_processor_filter_spans_filtered',
  filteredMetricPoints: 'otelcol_processor_filter_datapoints_filtered',
  filteredLogRecords: 'otelcol_processor_filter_logs_filtered',
  deltaMetricPoints: 'otelcol_deltatocumulative_datapoints',
  podAssociation: 'otelcol_k8s_pod_association',
} as const;

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
