import type { DatasourceUid } from '../../lib/model/uids.ts';
import { pushInterval } from '../../lib/telemetry/push-interval.ts';
import type { ClassicDashboard } from './dashboard.ts';

/** A query of a panel. */
export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly refId: string;
  readonly datasource: DatasourceUid;
  /** Empty for the service map, which has no query text. */
  readonly text: string;
  /** Whether it is an instant query. */
  readonly instant: boolean;
  /** Whether it is a TraceQL metrics query. */
  readonly metrics: boolean;
  /** The shortest step, in seconds: the interval of the query, or of its data source. */
  readonly interval: number;
}

interface PanelTarget {
  readonly refId: string;
  readonly datasource: { readonly uid: DatasourceUid };
  readonly expr?: string;
  readonly query?: string;
  readonly instant?: boolean;
  readonly queryType?: string;
  readonly metricsQueryType?: string;
  readonly interval?: string;
}

/** A panel in the dashboard model, with its queries. */
export interface PanelWithQueries {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { x: number; y: number; w: number; h: number };
  readonly targets: readonly PanelTarget[];
  readonly fieldConfig: {
    readonly defaults: { readonly unit?: string; readonly links?: readonly { url: string }[] };
  };
}

/** The panels of a dashboard, without rows; those of collapsed rows too. */
export function panelsOf({ panels }: ClassicDashboard): readonly PanelWithQueries[] {
  return panels.flatMap((panel): readonly unknown[] =>
    'panels' in panel ? panel.panels : [panel],
  ) as unknown as readonly PanelWithQueries[];
}

/** Every query of a dashboard. */
export function queriesOf(dashboard: ClassicDashboard): PanelQuery[] {
  return panelsOf(dashboard).flatMap((panel) =>
    panel.targets.map((target) => ({
      dashboard: dashboard.title ?? '',
      panel: panel.title,
      refId: target.refId,
      datasource: target.datasource.uid,
      text: target.expr ?? target.query ?? '',
      instant: target.instant === true || target.queryType === 'instant',
      metrics: target.metricsQueryType !== undefined,
      interval: Number.parseInt(target.interval ?? `${pushInterval.toSeconds()}`, 10),
    })),
  );
}

/**
 * The values of dashboard variables when nothing is selected, and of Grafana's built-in variables.
 */
const defaultValues: Readonly<Record<string, string>> = {
  __rate_interval: '1m',
  __interval: '30s',
  __interval_ms: '30000',
  __auto: '1m',
  __range: '30m',
  service: '.+',
  endpoint: '.*',
  status_code: '.*',
  environment: '.*',
  service_namespace: '.*',
  filter: '',
  before: '1h',
  slower_than: '200ms',
  namespace: '.*',
  pod: '.*',
  node: '.*',
};

/** Names of the variables in a text, as `$name` or `${name}`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
}

/**
 * Replaces variables by their default values, as Grafana does when a dashboard is opened.
 *
 * @param selected values that replace the default ones
 */
export function interpolate(text: string, selected: Readonly<Record<string, string>> = {}): string {
  const values = { ...defaultValues, ...selected };
  return text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => values[name] ?? whole);
}

/**
 * What Grafana replaces `$__rate_interval` by
 * (https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/).
 *
 * @param step in seconds
 */
export function rateInterval({ interval }: Pick<PanelQuery, 'interval'>, step: number): string {
  return `${Math.max(step + interval, 4 * interval)}s`;
}
