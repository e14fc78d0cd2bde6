import { attributes } from './app.ts';

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

/** What every OTLP resource leaves in Prometheus: one series a process, with all its attributes. */
export const targetInfo = 'target_info';

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
