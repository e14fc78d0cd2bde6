import { promqlNames } from '../dashboards/panels/promql-names.ts';
import { withVariables } from '../dashboards/queries/query-mistakes.ts';
import { appMetrics, httpMetrics, nodeMetrics } from '../lib/telemetry/app.ts';
import { kubeMetrics, nodeHostMetrics } from '../lib/telemetry/cluster.ts';
import { collectorMetrics } from '../lib/telemetry/collector.ts';
import { logCounts } from '../lib/telemetry/log-counts.ts';
import { type Metric, prometheusName } from '../lib/telemetry/metric.ts';
import { testAlertMetric } from '../lib/telemetry/probes.ts';
import {
  recordedMetrics,
  serviceGraph,
  spanMetrics,
  targetInfo,
} from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import type { Manifest } from './manifest.ts';
import { type FoundQuery, queriesIn } from './queries.ts';

/** The names of a metric in Prometheus: those of its parts, if it is a histogram. */
function namesOf(metric: Metric): string[] {
  const name = prometheusName(metric);
  return metric.type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

/** Every metric that Mantis knows: of the stack, the test app, span metrics, nodes and workloads. */
export const knownMetrics: ReadonlySet<string> = new Set<string>([
  ...Object.values(stackMetrics),
  ...Object.values(kubeMetrics),
  ...Object.values(collectorMetrics),
  ...Object.values(spanMetrics),
  ...Object.values(recordedMetrics),
  ...Object.values(logCounts),
  ...Object.values(serviceGraph),
  ...[`${serviceGraph.serverSeconds}_bucket`, targetInfo],
  prometheusName(testAlertMetric),
  ...[appMetrics, httpMetrics, nodeMetrics, nodeHostMetrics].flatMap((metrics) =>
    Object.values(metrics).flatMap(namesOf),
  ),
]);

export interface DeclaredMetrics {
  /** Names of further metrics, as in Prometheus. @default - none */
  readonly metrics?: readonly string[];
}

/** Stands for a Grafana variable, which may be the name of a metric. */
const variable = 'variable';

/**
 * The metrics in PromQL of dashboards and rules that nobody declares: neither Mantis nor a recording rule
 * of the output nor the caller. Their panels would be empty, and their alerts would never fire.
 */
export function metricMistakes(
  manifests: readonly Manifest[],
  { metrics = [] }: DeclaredMetrics = {},
): string[] {
  const queries = queriesIn(manifests);
  const declared = new Set([...knownMetrics, ...metrics, ...recordedIn(queries)]);
  return queries
    .filter(({ language }) => language === 'prometheus')
    .flatMap(({ where, text }) =>
      promqlNames(withVariables(text, variable))
        .metrics.filter((name) => name !== variable && !declared.has(name))
        .map((name) => `${where}: nobody declares the metric ${name}`),
    );
}

/** What recording rules store. */
function recordedIn(queries: readonly FoundQuery[]): string[] {
  return queries.flatMap(({ record }) => record ?? []);
}
