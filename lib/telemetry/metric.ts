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
