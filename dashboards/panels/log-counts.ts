import { attributes } from '../../lib/telemetry/app.ts';
import { logCounts } from '../../lib/telemetry/log-counts.ts';
import { errorLevels, logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { selectedRoutes } from './red.ts';

/**
 * PromQL queries of the numbers of log lines that Loki records, which cost the same however many
 * lines there are. They know services, endpoints, status codes and levels, but not the text.
 */

const route = label(attributes.httpRoute);
const selected = `${selectedRoutes}, ${label(attributes.httpResponseStatusCode)}=~"$status_code"`;

/** Selector of lines of level error and above. */
const errors = `${logFields.detectedLevel}=~"${errorLevels}"`;

/** @param window such as `[5m]`, with an offset if there is one */
function count(metric: string, window: string, selector: string, by: readonly string[]): string {
  const grouping = by.length === 0 ? '' : ` by (${by.join(', ')})`;
  return `sum${grouping} (sum_over_time(${metric}{${selector}}${window}))`;
}

/** Also lines without an endpoint, which only the counts by service have, if all are selected. */
function countAll(window: string, selector: string, by: readonly string[] = []): string {
  const [all, ofEndpoints] = [logCounts.byService, logCounts.byEndpoint].map((metric) =>
    count(metric, window, selector, by),
  );
  return `(${all} or ${ofEndpoints})`;
}

const step = '[$__interval]';
const perSecond = '/ ($__interval_ms / 1000)';

/** Lines per second, by labels that every line has. */
export function lineRate(...by: readonly string[]): string {
  return `${countAll(step, selected, by)} ${perSecond}`;
}

/** Lines per second of pods, by namespace, of the namespaces that a selector has. */
export function lineRateByNamespace(selector: string): string {
  const namespace = label(attributes.k8sNamespaceName);
  const ofPods = `${selector}, ${namespace}!=""`;
  return `${count(logCounts.byService, step, ofPods, [namespace])} ${perSecond}`;
}

/** Lines per second that belong to a request, by endpoint. */
export function lineRateByEndpoint(): string {
  return `${count(logCounts.byEndpoint, step, `${selected}, ${route}!=""`, [route])} ${perSecond}`;
}

/** Error lines within five minutes; 0 if there are none. @param ago how long ago. @default - now */
export function errorLines(ago?: string): string {
  const window = ago === undefined ? '[5m]' : `[5m] offset ${ago}`;
  return `${countAll(window, `${selected}, ${errors}`)} or vector(0)`;
}

/** The ten groups with the most error lines that have the first label, in the time range. */
export function topErrorLines(first: string, ...others: readonly string[]): string {
  const selector = `${selected}, ${errors}, ${first}!=""`;
  return `topk(10, ${count(logCounts.byEndpoint, '[$__range]', selector, [first, ...others])})`;
}
