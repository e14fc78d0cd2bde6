import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dataquery as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { type DatasourceUid, datasourceUids } from '../../lib/model/uids.ts';
import { formatDuration } from '../../lib/settings/units.ts';
import { appMetrics, httpMetrics, nodeMetrics } from '../../lib/telemetry/app.ts';
import { logCountInterval, logCounts } from '../../lib/telemetry/log-counts.ts';
import { prometheusName } from '../../lib/telemetry/metric.ts';
import { targetInfo } from '../../lib/telemetry/span-metrics.ts';
import { scrapeInterval } from '../../lib/telemetry/stack.ts';
import type { EnumsAsValues } from './sdk-types.ts';

/** A query of a panel, in the model of its data source; `dashboard()` assigns its refId. */
export type Query = { readonly datasource: DataSourceRef } & (
  | EnumsAsValues<PrometheusQuery>
  | EnumsAsValues<LokiQuery>
  | EnumsAsValues<TempoQuery>
);

export function datasource(uid: DatasourceUid): DataSourceRef {
  return { type: uid, uid: datasourceUids[uid] };
}

/** Metrics that SDKs push, at an interval that each app chooses. */
const pushedMetrics = [appMetrics, httpMetrics, nodeMetrics]
  .flatMap((metrics) => Object.values(metrics))
  .map(prometheusName);
const pushed = new RegExp(
  `\\b(${[...pushedMetrics, targetInfo].join('|')})(_(bucket|sum|count))?\\b`,
);

const logCountNames = Object.values(logCounts);

/**
 * A query of Prometheus. Its interval is the data source's, which is that of SDKs (pushInterval),
 * unless all its metrics are scraped, recorded, or generated from spans. Grafana computes the step
 * and `$__rate_interval` from it, at least four intervals.
 */
function prometheusQuery(expr: string) {
  const isLogCount = logCountNames.some((name) => expr.includes(name));
  const own = isLogCount ? formatDuration(logCountInterval) : scrapeInterval;
  const interval = pushed.test(expr) ? undefined : own;
  return { datasource: datasource('prometheus'), expr, interval };
}

/** A range query with exemplars. */
export function promql(expr: string, legendFormat?: string): Query {
  return { ...prometheusQuery(expr), legendFormat, range: true, exemplar: true };
}

/** An instant query. */
export function promqlInstant(expr: string, legendFormat?: string): Query {
  return { ...prometheusQuery(expr), legendFormat, instant: true };
}

/** An instant query whose result is a table: a row for each series, a column for each label. */
export function promqlTable(expr: string): Query {
  return { ...prometheusQuery(expr), instant: true, format: 'table' };
}

/** A range query for the buckets of a histogram, for a heatmap. */
export function promqlBuckets(expr: string): Query {
  return { ...prometheusQuery(expr), legendFormat: '{{le}}', range: true, format: 'heatmap' };
}

/** A range query for log lines or a metric. */
export function logql(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'range', maxLines: 200 };
}

/** An instant query for a metric. */
export function logqlInstant(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'instant' };
}

/** The shortest step of a graph of Loki or Tempo. */
export const logStep = '30s';

/** A TraceQL metrics query (https://grafana.com/docs/tempo/latest/traceql/metrics-queries/). */
export function traceqlMetrics(query: string): Query {
  return {
    datasource: datasource('tempo'),
    query,
    queryType: 'traceql',
    metricsQueryType: 'range',
    step: logStep,
    filters: [],
  };
}

/** A search for the newest traces; without the hint Tempo returns the first that it finds. */
export function traceql(query: string): Query {
  return {
    datasource: datasource('tempo'),
    query: `${query} with (most_recent=true)`,
    queryType: 'traceql',
    tableType: 'traces',
    limit: 20,
    filters: [],
  };
}

/** The service graph, for a node graph. Services of one name in two service namespaces are two nodes. */
export function serviceMap(): Query {
  return {
    datasource: datasource('tempo'),
    queryType: 'serviceMap',
    serviceMapIncludeNamespace: true,
    filters: [],
  };
}
