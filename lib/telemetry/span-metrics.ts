import { attributes } from './app.ts';
import { identityAttributes } from './identity.ts';
import { label } from './metric.ts';

/** The exemplar label with the trace id; Prometheus uses it for OTLP exemplars too. */
export const exemplarTraceLabel = 'trace_id';

/**
 * Span metrics of Tempo's metrics-generator, with their labels. Grafana's Tempo datasource queries
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
 * Series of one combination of labels: requests, size, and a histogram of 14 buckets, +Inf, sum and
 * count.
 */
export const seriesPerSpanMetric = 19;

/** What span_name_sanitization writes instead of an id in a span name. */
export const spanNameParameter = '<_>';

/**
 * Span attributes that become labels of span metrics, so that request rate, errors and latency can
 * be queried by route and status code, and services of one name apart (identity.ts).
 */
export const spanMetricDimensions: readonly string[] = [
  attributes.httpRoute,
  attributes.httpResponseStatusCode,
  ...identityAttributes,
];

/** Service graph metrics of Tempo's metrics-generator. */
export const serviceGraph = {
  requests: 'traces_service_graph_request_total',
  failed: 'traces_service_graph_request_failed_total',
  serverSeconds: 'traces_service_graph_request_server_seconds',
  connectionType: 'connection_type',
  client: 'client',
  server: 'server',
} as const;

/**
 * The labels of an edge of the service graph: those that identify the client, then those of the
 * server. Tempo prefixes dimensions with the side that they describe (enable_client_server_prefix);
 * Grafana's service map queries `client_service_namespace` and `server_service_namespace`.
 */
export const edgeLabels = {
  client: [serviceGraph.client, ...identityAttributes.map((name) => label(`client_${name}`))],
  server: [serviceGraph.server, ...identityAttributes.map((name) => label(`server_${name}`))],
} as const;

/** Both sides of an edge, to group by. */
export const edgeIdentity: readonly string[] = [...edgeLabels.client, ...edgeLabels.server];

/** The metric with one series for each OTLP resource, whose labels are all resource attributes. */
export const targetInfo = 'target_info';

/**
 * Metrics that recording rules compute from span metrics: one series for each service, with the
 * labels `serviceLabels('service')`.
 */
export const recordedMetrics = {
  requests: 'service:requests:rate',
  errors: 'service:errors:ratio',
  p50: 'service:latency_seconds:p50',
  p95: 'service:latency_seconds:p95',
  p99: 'service:latency_seconds:p99',
  sloRequests: 'service:slo_requests:rate1m',
  sloMisses: 'service:slo_misses:rate1m',
  /** Burn rate of the error budget, by label `window`. */
  sloBurn: 'service:slo_burn:ratio',
  /** Ratio of the error budget that is left; negative when the objective is missed. */
  sloBudgetLeft: 'service:slo_budget_left:ratio',
} as const;

/** Labels that recording rules add. */
export const recordedLabels = {
  /** The objective: availability or latency. */
  slo: 'slo',
  /** The window of a burn rate. */
  window: 'window',
} as const;
