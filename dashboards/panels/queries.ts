import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dataquery as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { type DatasourceUid, datasourceUids } from '../../lib/model/uids.ts';
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

/** A range query with exemplars. */
export function promql(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('prometheus'), expr, legendFormat, range: true, exemplar: true };
}

/** An instant query. */
export function promqlInstant(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('prometheus'), expr, legendFormat, instant: true };
}

/** A range query for the buckets of a histogram, for a heatmap. */
export function promqlBuckets(expr: string): Query {
  const prometheus = datasource('prometheus');
  return { datasource: prometheus, expr, legendFormat: '{{le}}', range: true, format: 'heatmap' };
}

/** A range query for log lines or a metric. */
export function logql(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'range', maxLines: 200 };
}

/** An instant query for a metric. */
export function logqlInstant(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'instant' };
}

/** A TraceQL metrics query (https://grafana.com/docs/tempo/latest/traceql/metrics-queries/). */
export function traceqlMetrics(query: string): Query {
  return {
    datasource: datasource('tempo'),
    query,
    queryType: 'traceql',
    metricsQueryType: 'range',
    filters: [],
  };
}

/** A search for traces. */
export function traceql(query: string): Query {
  return {
    datasource: datasource('tempo'),
    query,
    queryType: 'traceql',
    tableType: 'traces',
    limit: 20,
    filters: [],
  };
}

/** The service graph, for a node graph. */
export function serviceMap(): Query {
  return { datasource: datasource('tempo'), queryType: 'serviceMap', filters: [] };
}
