import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dataquery as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { type DatasourceUid, datasourceUids } from '../../lib/model/datasource-uids.ts';
import type { Plain } from './sdk-types.ts';

/** A query of a panel, in the model of its datasource; the panel numbers it. */
export type Query = { readonly datasource: DataSourceRef } & (
  | Plain<PrometheusQuery>
  | Plain<LokiQuery>
  | Plain<TempoQuery>
);

export function datasource(uid: DatasourceUid): DataSourceRef {
  return { type: uid, uid: datasourceUids[uid] };
}

/** A range query whose exemplars, where the series has any, lead to their traces. */
export function promql(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('prometheus'), expr, legendFormat, range: true, exemplar: true };
}

/** The value now. */
export function promqlNow(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('prometheus'), expr, legendFormat, instant: true };
}

/** The buckets of a histogram, for a heatmap. */
export function promqlBuckets(expr: string): Query {
  const datasourceOf = datasource('prometheus');
  return { datasource: datasourceOf, expr, legendFormat: '{{le}}', range: true, format: 'heatmap' };
}

/** Lines, or a metric over them. */
export function logql(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'range', maxLines: 200 };
}

/** The largest groups of lines in the whole time, for a table or bars. */
export function logqlNow(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'instant' };
}

/** A metric that Tempo computes from spans (https://grafana.com/docs/tempo/latest/traceql/metrics-queries/). */
export function traceqlMetrics(query: string): Query {
  return {
    datasource: datasource('tempo'),
    query,
    queryType: 'traceql',
    metricsQueryType: 'range',
    filters: [],
  };
}

/** A table of traces. */
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

/** Which services call which, as a node graph. */
export function serviceMap(): Query {
  return { datasource: datasource('tempo'), queryType: 'serviceMap', filters: [] };
}
