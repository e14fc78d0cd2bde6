import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dataquery as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { type DatasourceUid, datasourceUids } from '../lib/datasources.ts';
import type { Plain } from './plain.ts';

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
export function promqlNow(expr: string): Query {
  return { datasource: datasource('prometheus'), expr, instant: true };
}

/** Lines, or a metric over them. */
export function logql(expr: string, legendFormat?: string): Query {
  return { datasource: datasource('loki'), expr, legendFormat, queryType: 'range', maxLines: 200 };
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
