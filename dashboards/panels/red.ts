import { attributes } from '../../lib/telemetry/app.ts';
import { errorLevels, logFields, mayHaveErrors } from '../../lib/telemetry/logs.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { spanMetrics, targetInfo } from '../../lib/telemetry/span-metrics.ts';
import { anyValue, selectedIdentity } from './variables.ts';

/**
 * Queries for rate, errors and duration (RED), and selectors for the dashboard variables in PromQL,
 * LogQL and TraceQL.
 */

const { service, spanKind, server, statusCode, error } = spanMetrics;
const [route, responseStatus] = [
  label(attributes.httpRoute),
  label(attributes.httpResponseStatusCode),
];

/**
 * PromQL selector of span metrics: server spans of the selected services, endpoints and status
 * codes.
 */
export const selectedRequests = [
  `${service}=~"$service"`,
  `${spanKind}="${server}"`,
  `${route}=~"$endpoint"`,
  `${responseStatus}=~"$status_code"`,
  selectedIdentity,
].join(', ');

/** The rate of a counter, summed by some labels. */
export function rate(metric: string, selector = '', ...by: readonly string[]): string {
  const grouping = by.length === 0 ? '' : ` by (${by.join(', ')})`;
  return `sum${grouping} (rate(${metric}{${selector}}[$__rate_interval]))`;
}

export function requestRate(...by: readonly string[]): string {
  return rate(spanMetrics.calls, grouped(selectedRequests, by), ...by);
}

/** Without the requests that have no such label: they would be a series without a name. */
function grouped(selector: string, by: readonly string[]): string {
  const named = [route, responseStatus].filter((each) => by.includes(each));
  return [selector, ...named.map((each) => `${each}!=""`)].join(', ');
}

/**
 * PromQL without the samples that are NaN, such as the ratio or quantile of no request: a graph with
 * nothing else has no line, and Grafana then says that its data are outside of the time range.
 */
const withoutNan = (expression: string) => `${expression} >= 0`;

/** Ratio of failed requests of the selected services; 0 if none failed. */
export function errorRatio(...by: readonly string[]): string {
  return withoutNan(failureRatio(selectedRequests, ...by));
}

/** Ratio of failed requests among those of a selector of span metrics; 0 if none failed. */
export function failureRatio(selector: string, ...by: readonly string[]): string {
  const rateOf = (requests: string) => rate(spanMetrics.calls, grouped(requests, by), ...by);
  const all = rateOf(selector);
  const none = by.length === 0 ? 'vector(0)' : `0 * ${all}`;
  return `(${rateOf(`${selector}, ${statusCode}="${error}"`)} or ${none}) / ${all}`;
}

/** A quantile of the duration of requests, in seconds. */
export function latency(quantile: number, ...by: readonly string[]): string {
  const selector = grouped(selectedRequests, by);
  return withoutNan(percentile(quantile, spanMetrics.latencyBucket, selector, ...by));
}

/** A quantile of a histogram with classic buckets. */
export function percentile(
  quantile: number,
  buckets: string,
  selector: string,
  ...by: readonly string[]
): string {
  return `histogram_quantile(${quantile}, ${rate(buckets, selector, 'le', ...by)})`;
}

/** The rate of a counter that the selected services record. */
export function appRate(metric: Parameters<typeof prometheusName>[0], ...by: readonly string[]) {
  return rate(prometheusName(metric), selectedServices, ...by);
}

/** PromQL selector of OTLP metrics: the selected services. */
export const selectedServices = `${label(attributes.serviceName)}=~"$service", ${selectedIdentity}`;

/** The same, of the selected endpoints. */
export const selectedRoutes = `${selectedServices}, ${route}=~"$endpoint"`;

const [namespace, container] = [attributes.k8sNamespaceName, attributes.k8sContainerName].map(
  label,
);
const copied = (series: string, to: string, from = '') =>
  `label_replace(${series}, "${to}", "$1", "${from}", "(.+)")`;

/** PromQL: those of some container metrics whose container is one of the selected services. */
export function ofSelectedServices(containers: string): string {
  const services = `group by (${namespace}, ${container}) (${targetInfo}{${selectedServices}, ${container}!=""})`;
  return `(${containers} and on (namespace, container) ${copied(copied(services, 'namespace', namespace), 'container', container)})`;
}

/** LogQL: lines of the selected endpoints and status codes that contain the log text. */
const selectedLines = `|~ "(?i)$filter" | ${route}=~"$endpoint" | ${responseStatus}=~"$status_code"`;

/** LogQL query: those of the selected services. */
export const selectedLogs = `{${selectedServices}} ${selectedLines}`;

/** LogQL query: those of level error and above. */
export const selectedErrorLogs = `{${selectedServices}, ${mayHaveErrors}} ${selectedLines} | ${logFields.detectedLevel}=~"${errorLevels}"`;

/**
 * TraceQL condition: server spans of the selected services. The collector adds the environment to
 * every span that has none; a condition on any other missing attribute is false.
 */
export const selectedServerSpans = [
  `resource.${attributes.serviceName} =~ "$service"`,
  `resource.${attributes.deploymentEnvironmentName} =~ "$environment"`,
  matches(`resource.${attributes.k8sNamespaceName}`, '$namespace'),
  matches(`resource.${attributes.serviceNamespace}`, '$service_namespace'),
  'kind = server',
].join(' && ');

/** TraceQL condition: spans whose attribute matches a variable, or all, also those without it. */
function matches(attribute: string, variable: string): string {
  return `(${attribute} =~ "${variable}" || "${variable}" = "${anyValue}")`;
}

/** TraceQL condition: server spans of the selected services and endpoints. */
export const selectedEndpointSpans = `${selectedServerSpans} && ${matches(`span.${attributes.httpRoute}`, '$endpoint')}`;
