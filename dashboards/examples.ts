import { appMetrics, attributes, httpMetrics, shopAttributes } from '../lib/telemetry/app.ts';
import { collectorMetrics } from '../lib/telemetry/collector.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { errorLevels, logFields, mayHaveErrors } from '../lib/telemetry/logs.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { serviceGraph, spanMetrics } from '../lib/telemetry/span-metrics.ts';

export interface ExampleQuery {
  readonly task: string;
  readonly language: 'PromQL' | 'LogQL' | 'TraceQL';
  readonly query: string;
}

const { calls, latencyBucket, service, spanName, spanKind, statusCode } = spanMetrics;
const serviceName = label(attributes.serviceName);
const route = label(attributes.httpRoute);
const status = label(attributes.httpResponseStatusCode);
const errorType = label(attributes.errorType);
const { detectedLevel, traceId } = logFields;

const shopRequests = `${calls}{${service}="shop", ${spanKind}="${spanMetrics.server}"}`;
const shopFailures = `${calls}{${service}="shop", ${spanKind}="${spanMetrics.server}", ${statusCode}="${spanMetrics.error}"}`;
const shopLogs = `{${serviceName}="shop"}`;
const shopSpans = `resource.${attributes.serviceName} = "shop"`;
const errors = `${detectedLevel}=~"${errorLevels}"`;

const promql = (task: string, query: string): ExampleQuery => ({ task, language: 'PromQL', query });
const logql = (task: string, query: string): ExampleQuery => ({ task, language: 'LogQL', query });
const traceql = (task: string, query: string): ExampleQuery => ({
  task,
  language: 'TraceQL',
  query,
});

const byService = serviceLabels('service_name').join(', ');
const orders = prometheusName(appMetrics.ordersPlaced);
const breaker = prometheusName(appMetrics.breakerOpen);
const payments = prometheusName(appMetrics.payments);
const outcome = label(shopAttributes.paymentOutcome);

/**
 * Examples of conditions for alerting rules on the metrics of an app: they have a result only while
 * the alert fires, with a range of at least four intervals of a metric that is sent once a minute.
 */
export const exampleConditions: readonly ExampleQuery[] = [
  promql(
    'A ratio of two rates, with a minimum of traffic',
    `sum by (${byService}) (rate(${payments}{${outcome}="failed"}[5m])) / sum by (${byService}) (rate(${payments}[5m])) > 0.1 and sum by (${byService}) (rate(${payments}[5m])) * 60 > 1`,
  ),
  promql(
    'Something that used to happen has stopped',
    `sum by (${byService}) (increase(${orders}[30m])) == 0 and sum by (${byService}) (increase(${orders}[1d])) > 100`,
  ),
  promql('A gauge, in any replica', `max by (${byService}) (max_over_time(${breaker}[5m])) == 1`),
  promql(
    'A quantile that the app measures itself',
    `histogram_quantile(0.95, sum by (le, ${byService}) (rate(${prometheusName(httpMetrics.serverDuration)}_bucket[5m]))) > 2`,
  ),
  logql(
    'A text in the logs, of each service',
    `sum by (${byService}) (count_over_time({${serviceName}=~".+"} |= "out of stock" [10m])) > 10`,
  ),
];

/** Example queries by task; docs/queries.md is generated from them. */
export const exampleQueries: readonly ExampleQuery[] = [
  promql('Request rate', `sum(rate(${shopRequests}[5m]))`),
  promql('Request rate by endpoint', `sum by (${route}) (rate(${shopRequests}[5m]))`),
  promql(
    'Error percentage',
    `100 * (sum(rate(${shopFailures}[5m])) or vector(0)) / sum(rate(${shopRequests}[5m]))`,
  ),
  promql('Error rate by endpoint', `sum by (${route}) (rate(${shopFailures}[5m]))`),
  promql('Responses by status code', `sum by (${status}) (rate(${shopRequests}[5m]))`),
  promql(
    'P95 latency of each service, in each environment and namespace',
    `histogram_quantile(0.95, sum by (le, ${serviceLabels('service').join(', ')}) (rate(${latencyBucket}{${spanKind}="${spanMetrics.server}"}[5m])))`,
  ),
  promql(
    'P95 latency by endpoint, measured by the app itself',
    `histogram_quantile(0.95, sum by (le, ${route}) (rate(${prometheusName(httpMetrics.serverDuration)}_bucket{${serviceName}="shop"}[5m])))`,
  ),
  promql(
    'The five slowest operations, database included',
    `topk(5, histogram_quantile(0.95, sum by (le, ${service}, ${spanName}) (rate(${latencyBucket}[5m]))) > 0)`,
  ),
  promql(
    'Calls per second between services',
    `sum by (${serviceGraph.client}, ${serviceGraph.server}) (rate(${serviceGraph.requests}[5m]))`,
  ),
  promql(
    'The fullest queue of the collector',
    `max(${collectorMetrics.queueSize} / ${collectorMetrics.queueCapacity})`,
  ),
  promql('Values of a dashboard variable: services', `count by (${service}) (${calls})`),
  logql('Error logs', `{${serviceName}=~".+", ${mayHaveErrors}} | ${errors}`),
  logql('Logs of an endpoint', `${shopLogs} | ${route}="/api/orders"`),
  logql('Logs of a user', `{${serviceName}=~".+"} | ${label(attributes.userId)}="1"`),
  logql('Logs of a trace', `{${serviceName}=~".+"} | ${traceId}="…"`),
  logql('Logs that contain a text', `${shopLogs} |~ "(?i)orders"`),
  logql('Slow requests', `${shopLogs} | duration_ms > 500`),
  logql(
    'Errors per second by type',
    `sum by (${serviceName}, ${errorType}) (rate({${serviceName}=~".+", ${mayHaveErrors}} | ${errors} | ${errorType}!="" [5m]))`,
  ),
  logql(
    'Lines per second by level',
    `sum by (${detectedLevel}) (rate({${serviceName}=~".+"} [5m]))`,
  ),
  logql(
    'P95 of a number in the logs',
    `quantile_over_time(0.95, ${shopLogs} | duration_ms > 0 | unwrap duration_ms [5m]) by (${route})`,
  ),
  traceql('Slow traces', `{ ${shopSpans} && duration > 500ms }`),
  traceql('Error traces', `{ ${shopSpans} && status = error }`),
  traceql(
    'Traces of an endpoint',
    `{ ${shopSpans} && span.${attributes.httpRoute} = "/api/orders" }`,
  ),
  traceql('Traces of a user', `{ span.${attributes.userId} = "1" }`),
  traceql(
    'Requests that reached a database through another service',
    `{ ${shopSpans} } >> { span.${attributes.dbSystemName} = "sqlite" }`,
  ),
  traceql(
    'Requests per second by service',
    `{ kind = server } | rate() by (resource.${attributes.serviceName})`,
  ),
  traceql(
    'P99 of a service',
    `{ ${shopSpans} && kind = server } | quantile_over_time(duration, 0.99)`,
  ),
];
