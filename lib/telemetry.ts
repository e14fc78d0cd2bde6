/**
 * The names of every metric, attribute and label that more than one place relies on: the app that
 * writes them, the dashboards, alerts, links and tests that read them. Rename one here and
 * everything follows; misspell one elsewhere and it does not compile.
 */

/** An OpenTelemetry instrument, named as in the code that records it. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** UCUM unit, as OpenTelemetry wants it: `s`, `By`, `1`, or an annotation such as `{order}`. */
  readonly unit: string;
  readonly description: string;
}

/** What the test app records itself: semantic conventions where there are any, `shop.*` else. */
export const appMetrics = {
  requests: {
    name: 'shop.requests',
    type: 'counter',
    unit: '{request}',
    description: 'Requests answered, by route, method and status code',
  },
  errors: {
    name: 'shop.errors',
    type: 'counter',
    unit: '{error}',
    description: 'Requests answered with an error, by route and type of the error',
  },
  requestsActive: {
    name: 'http.server.active_requests',
    type: 'gauge',
    unit: '{request}',
    description: 'Requests being served at this moment',
  },
  connectionsActive: {
    name: 'shop.connections.active',
    type: 'gauge',
    unit: '{connection}',
    description: 'Connections that are open at this moment',
  },
  responseSize: {
    name: 'http.server.response.body.size',
    type: 'histogram',
    unit: 'By',
    description: 'Size of HTTP response bodies, by route',
  },
  ordersPlaced: {
    name: 'shop.orders.placed',
    type: 'counter',
    unit: '{order}',
    description: 'Orders accepted and paid',
  },
  revenue: {
    name: 'shop.revenue',
    type: 'counter',
    unit: '{money}',
    description: 'Value of the orders placed, in whole units of their currency',
  },
  basketSize: {
    name: 'shop.basket.size',
    type: 'histogram',
    unit: '{item}',
    description: 'Items in one order',
  },
  signups: {
    name: 'shop.signups',
    type: 'counter',
    unit: '{user}',
    description: 'Customers who signed up',
  },
  payments: {
    name: 'shop.payments',
    type: 'counter',
    unit: '{payment}',
    description: 'Payments asked for, by outcome',
  },
  paymentRetries: {
    name: 'shop.payment.retries',
    type: 'counter',
    unit: '{retry}',
    description: 'Repeated attempts to reach the payment provider',
  },
  breakerOpen: {
    name: 'shop.circuit_breaker.open',
    type: 'gauge',
    unit: '{breaker}',
    description: 'Circuit breaker of the payment provider: 1 while it lets no call through',
  },
  queueDepth: {
    name: 'shop.queue.depth',
    type: 'gauge',
    unit: '{order}',
    description: 'Paid orders that wait for their fulfilment',
  },
  processDuration: {
    name: 'messaging.process.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of processing one message of the queue',
  },
  cacheSize: {
    name: 'shop.cache.size',
    type: 'gauge',
    unit: '{entry}',
    description: 'Entries in the cache',
  },
  cacheRequests: {
    name: 'shop.cache.requests',
    type: 'counter',
    unit: '{request}',
    description: 'Look-ups in the cache, by result: hit, miss, or bypass while it is off',
  },
  cacheEvictions: {
    name: 'shop.cache.evictions',
    type: 'counter',
    unit: '{entry}',
    description: 'Entries that made room for others',
  },
  dbDuration: {
    name: 'db.client.operation.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of database operations, by operation and table',
  },
  faultActive: {
    name: 'shop.fault.active',
    type: 'gauge',
    unit: '{fault}',
    description: 'Faults switched on on purpose, by name: 1 while one is on',
  },
} as const satisfies Record<string, Metric>;

/** What OpenTelemetry's HTTP instrumentation records for any app (stable semantic conventions). */
export const httpMetrics = {
  serverDuration: {
    name: 'http.server.request.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of HTTP server requests',
  },
  clientDuration: {
    name: 'http.client.request.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of HTTP client requests',
  },
} as const satisfies Record<string, Metric>;

/** OpenTelemetry attribute names (https://opentelemetry.io/docs/specs/semconv/). */
export const attributes = {
  serviceName: 'service.name',
  serviceNamespace: 'service.namespace',
  serviceVersion: 'service.version',
  serviceInstanceId: 'service.instance.id',
  deploymentEnvironmentName: 'deployment.environment.name',
  k8sClusterName: 'k8s.cluster.name',
  k8sNamespaceName: 'k8s.namespace.name',
  k8sNodeName: 'k8s.node.name',
  k8sPodName: 'k8s.pod.name',
  k8sPodUid: 'k8s.pod.uid',
  k8sContainerName: 'k8s.container.name',
  k8sDeploymentName: 'k8s.deployment.name',
  k8sStatefulSetName: 'k8s.statefulset.name',
  k8sDaemonSetName: 'k8s.daemonset.name',
  k8sJobName: 'k8s.job.name',
  k8sCronJobName: 'k8s.cronjob.name',
  httpRequestMethod: 'http.request.method',
  httpResponseStatusCode: 'http.response.status_code',
  httpRoute: 'http.route',
  userId: 'user.id',
  errorType: 'error.type',
  urlPath: 'url.path',
  dbSystemName: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbOperationName: 'db.operation.name',
  dbCollectionName: 'db.collection.name',
  dbOperationBatchSize: 'db.operation.batch.size',
  dbQuerySummary: 'db.query.summary',
  dbQueryText: 'db.query.text',
  messagingSystem: 'messaging.system',
  messagingDestinationName: 'messaging.destination.name',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingMessageId: 'messaging.message.id',
  peerService: 'peer.service',
  exceptionType: 'exception.type',
  logIostream: 'log.iostream',
} as const;

/** Attributes of the test app's own, where the semantic conventions have none. */
export const shopAttributes = {
  orderId: 'shop.order.id',
  orderItems: 'shop.order.items',
  currency: 'shop.currency',
  paymentId: 'shop.payment.id',
  paymentOutcome: 'shop.payment.outcome',
  cacheResult: 'shop.cache.result',
  fault: 'shop.fault.name',
} as const;

/** Fields that Loki adds to each OTLP log record as structured metadata. */
export const logFields = {
  traceId: 'trace_id',
  spanId: 'span_id',
  detectedLevel: 'detected_level',
} as const;

/** What a Kubernetes event is about, as the collector's receiver names it. */
export const eventAttributes = {
  kind: 'k8s.object.kind',
  name: 'k8s.object.name',
  reason: 'k8s.event.reason',
  count: 'k8s.event.count',
} as const;

/** The service.name under which events of the cluster are stored. */
export const eventService = 'kubernetes-events';

/** The label of an exemplar that holds its trace id; OTLP exemplars in Prometheus use this one. */
export const exemplarTraceLabel = 'trace_id';

/**
 * What Tempo's metrics-generator writes to Prometheus. Grafana's Tempo datasource queries exactly
 * these names (modules/generator/processor/{spanmetrics,servicegraphs} at v3.0.3).
 */
export const spanMetrics = {
  calls: 'traces_spanmetrics_calls_total',
  latencyBucket: 'traces_spanmetrics_latency_bucket',
  latencyCount: 'traces_spanmetrics_latency_count',
  latencySum: 'traces_spanmetrics_latency_sum',
  service: 'service',
  spanName: 'span_name',
  spanKind: 'span_kind',
  statusCode: 'status_code',
  server: 'SPAN_KIND_SERVER',
  error: 'STATUS_CODE_ERROR',
} as const;

/**
 * Attributes that span metrics carry as labels too, so that request rate, errors and latency can be
 * asked for by endpoint, answer and environment, whatever language a service is written in.
 */
export const spanMetricDimensions: readonly string[] = [
  attributes.httpRoute,
  attributes.httpResponseStatusCode,
  attributes.deploymentEnvironmentName,
];

/** The edges of the service graph, from the same generator. */
export const serviceGraph = {
  requests: 'traces_service_graph_request_total',
  failed: 'traces_service_graph_request_failed_total',
  serverSeconds: 'traces_service_graph_request_server_seconds',
  connectionType: 'connection_type',
  client: 'client',
  server: 'server',
} as const;

/** Node's runtime, as its instrumentation measures it. */
export const nodeMetrics = {
  eventLoopDelay: {
    name: 'nodejs.eventloop.delay.p99',
    type: 'gauge',
    unit: 's',
    description: 'Delay of the event loop, 99th percentile',
  },
  eventLoopUtilization: {
    name: 'nodejs.eventloop.utilization',
    type: 'gauge',
    unit: '1',
    description: 'Share of the time that the event loop was busy',
  },
  heapUsed: {
    name: 'v8js.memory.heap.used',
    type: 'gauge',
    unit: 'By',
    description: 'Heap in use',
  },
  heapSize: {
    name: 'v8js.memory.heap.space.size',
    type: 'gauge',
    unit: 'By',
    description: 'Heap that is reserved',
  },
  gcDuration: {
    name: 'v8js.gc.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of garbage collections',
  },
} as const satisfies Record<string, Metric>;

/** What every OTLP resource leaves in Prometheus: one series a process, with all its attributes. */
export const targetInfo = 'target_info';

/** Self-metrics of the collector, without the suffixes that its reader is told to leave out. */
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
} as const;

/** What the collector counts when it does not take, send or keep something, by signal. */
export const collectorFailures = {
  refused: {
    spans: collectorMetrics.refusedSpans,
    metrics: collectorMetrics.refusedMetricPoints,
    logs: collectorMetrics.refusedLogRecords,
  },
  /** Given up: the store said that it will never take it. */
  sendFailed: {
    spans: collectorMetrics.sendFailedSpans,
    metrics: collectorMetrics.sendFailedMetricPoints,
    logs: collectorMetrics.sendFailedLogRecords,
  },
  /** Given up: there was no place in the queue. */
  enqueueFailed: {
    spans: collectorMetrics.enqueueFailedSpans,
    metrics: collectorMetrics.enqueueFailedMetricPoints,
    logs: collectorMetrics.enqueueFailedLogRecords,
  },
} as const;

/** Pushed as 1 by `make test-alert`, so that an alert goes the whole way. */
export const testAlertMetric: Metric = {
  name: 'mantis.test_alert',
  type: 'gauge',
  unit: '{alert}',
  description: '1 while the test alert is to fire',
};

/** Pushed by `make doctor`; its value is the mark of one run. */
export const doctorMetric: Metric = {
  name: 'mantis.doctor.probe',
  type: 'gauge',
  unit: '{probe}',
  description: 'The mark of the last run of make doctor, by protocol',
};

/** The service under which `make verify-delivery` and the drill store what they count. */
export const deliveryService = 'mantis-delivery';

/** What `make doctor` sends comes from this service, and says by which protocol it came. */
export const doctorService = 'mantis-doctor';
export const doctorProtocol = 'mantis.doctor.protocol';

/** Services of our own, which no rule about what is kept is meant for. */
export const ownServices: readonly string[] = [doctorService, deliveryService];

/** A trace that carries this in its W3C trace state is kept, whatever the sampling. */
export const keptTraces = { key: 'mantis', value: 'keep' } as const;

/** The attribute that says how severe the test alert is to be. */
export const testAlertSeverity = 'alert.severity';

/** What recording rules make of span metrics: one series a service, for dashboards and alerts. */
export const recorded = {
  requests: 'service:requests:rate',
  errors: 'service:errors:ratio',
  p50: 'service:latency_seconds:p50',
  p95: 'service:latency_seconds:p95',
  p99: 'service:latency_seconds:p99',
  sloRequests: 'service:slo_requests:rate1m',
  sloMisses: 'service:slo_misses:rate1m',
  /** How many times faster than allowed the error budget is spent, by label `window`. */
  sloBurn: 'service:slo_burn:ratio',
  /** Share of the error budget that is left; negative when it is overspent. */
  sloBudgetLeft: 'service:slo_budget_left:ratio',
} as const;

/** The labels that recording rules add. */
export const recordedLabels = {
  /** Which objective: availability or latency. */
  slo: 'slo',
  /** Over how long a budget was spent at the recorded speed. */
  window: 'window',
} as const;

/** The label or structured-metadata name that Prometheus and Loki make of an attribute. */
export function label(attribute: string): string {
  return attribute.replace(/[^a-zA-Z0-9_]/g, '_');
}

const unitSuffixes: Record<string, string> = { s: 'seconds', ms: 'milliseconds', By: 'bytes' };

/**
 * The name under which Prometheus stores an OTLP metric, by its translation strategy
 * UnderscoreEscapingWithSuffixes (https://prometheus.io/docs/guides/opentelemetry/). A histogram
 * gets its `_bucket`, `_count` or `_sum` on top.
 */
export function prometheusName(metric: Metric): string {
  const unit = metric.unit === '1' && metric.type === 'gauge' ? 'ratio' : unitSuffixes[metric.unit];
  return [label(metric.name), unit, metric.type === 'counter' ? 'total' : undefined]
    .filter((part) => part !== undefined)
    .join('_');
}
