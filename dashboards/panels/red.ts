import { attributes } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { spanMetrics } from '../../lib/telemetry/span-metrics.ts';

/**
 * Rate, errors and duration of any service that sends spans, and the same choice of service,
 * endpoint, answer and environment in each of the three query languages.
 */

const { service, spanKind, server, statusCode, error } = spanMetrics;
const [route, answer, environment] = [
  label(attributes.httpRoute),
  label(attributes.httpResponseStatusCode),
  label(attributes.deploymentEnvironmentName),
];

/** Requests that were served, by the choice at the top of the dashboard. */
export const served = [
  `${service}=~"$service"`,
  `${spanKind}="${server}"`,
  `${route}=~"$endpoint"`,
  `${answer}=~"$status_code"`,
  `${environment}=~"$environment"`,
].join(', ');

const failed = `${served}, ${statusCode}="${error}"`;

/** A rate, summed by some labels. */
export function rate(metric: string, selector = '', ...by: readonly string[]): string {
  const grouping = by.length === 0 ? '' : ` by (${by.join(', ')})`;
  return `sum${grouping} (rate(${metric}{${selector}}[$__rate_interval]))`;
}

export function requestRate(...by: readonly string[]): string {
  return rate(spanMetrics.calls, served, ...by);
}

/** Failed requests; 0, not nothing, where all succeed. */
export function errorRatio(...by: readonly string[]): string {
  const none = by.length === 0 ? 'vector(0)' : `0 * ${requestRate(...by)}`;
  return `(${rate(spanMetrics.calls, failed, ...by)} or ${none}) / ${requestRate(...by)}`;
}

/** A percentile of the duration of requests, in seconds. */
export function latency(quantile: number, ...by: readonly string[]): string {
  return percentile(quantile, spanMetrics.latencyBucket, served, ...by);
}

/** A percentile of a histogram with classic buckets. */
export function percentile(
  quantile: number,
  buckets: string,
  selector: string,
  ...by: readonly string[]
): string {
  return `histogram_quantile(${quantile}, ${rate(buckets, selector, 'le', ...by)})`;
}

/** The rate of a metric of the app's own, for the services chosen. */
export function appRate(metric: Parameters<typeof prometheusName>[0], ...by: readonly string[]) {
  return rate(prometheusName(metric), ofService, ...by);
}

/** Series that the chosen services sent as OTLP metrics. */
export const ofService = `${label(attributes.serviceName)}=~"$service", ${environment}=~"$environment"`;

/** Log lines of the chosen services; stages filter them further. */
export const logStream = `{${label(attributes.serviceName)}=~"$service", ${environment}=~"$environment"}`;

/** Log lines by everything that is chosen, the text of the filter box included. */
export const chosenLogs = `${logStream} |~ "(?i)$filter" | ${route}=~"$endpoint"`;

/** Those of them that say that something failed. */
export const errorLogs = `${chosenLogs} | ${logFields.detectedLevel}=~"error|critical|fatal"`;

/** Spans that serve a request of the chosen services. */
export const servedSpans = `resource.${attributes.serviceName} =~ "$service" && kind = server`;

/** The same in one endpoint, where a request has one. */
export const servedEndpoint = `${servedSpans} && span.${attributes.httpRoute} =~ "$endpoint"`;
