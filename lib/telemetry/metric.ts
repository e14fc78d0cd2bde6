/**
 * Types and naming rules of the metrics, attributes and labels that lib/telemetry declares. Apps,
 * dashboards, alerts, links and tests all use these declarations, so a misspelt name does not
 * compile.
 */

/** An OpenTelemetry metric instrument. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** UCUM unit: `s`, `By`, `1`, or an annotation such as `{order}`. */
  readonly unit: string;
  readonly description: string;
}

/** The name of an attribute as a label in Prometheus or as structured metadata in Loki. */
export function label(attribute: string): string {
  return attribute.replace(/[^a-zA-Z0-9_]/g, '_');
}

const unitSuffixes: Record<string, string> = { s: 'seconds', ms: 'milliseconds', By: 'bytes' };

/**
 * The name of an OTLP metric in Prometheus, by the translation strategy
 * UnderscoreEscapingWithSuffixes (https://prometheus.io/docs/guides/opentelemetry/). The series of
 * a histogram have `_bucket`, `_count` or `_sum` appended.
 */
export function prometheusName(metric: Metric): string {
  const unit = metric.unit === '1' && metric.type === 'gauge' ? 'ratio' : unitSuffixes[metric.unit];
  return [label(metric.name), unit, metric.type === 'counter' ? 'total' : undefined]
    .filter((part) => part !== undefined)
    .join('_');
}
