import type { DatasourceUid } from '../../lib/model/datasource-uids.ts';
import type { ClassicDashboard } from './dashboard.ts';

/** One query of one panel, as text. */
export interface Asked {
  readonly dashboard: string;
  readonly panel: string;
  readonly refId: string;
  readonly datasource: DatasourceUid;
  /** Empty for the service map, which has no text of its own. */
  readonly text: string;
  /** Asks for one moment instead of a course over time. */
  readonly instant: boolean;
  /** Asks Tempo for numbers instead of traces. */
  readonly metrics: boolean;
}

interface Target {
  readonly refId: string;
  readonly datasource: { readonly uid: DatasourceUid };
  readonly expr?: string;
  readonly query?: string;
  readonly instant?: boolean;
  readonly queryType?: string;
  readonly metricsQueryType?: string;
}

/** A panel that shows data, as it stands in the file. */
export interface AskingPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { x: number; y: number; w: number; h: number };
  readonly targets: readonly Target[];
  readonly fieldConfig: {
    readonly defaults: { readonly unit?: string; readonly links?: readonly { url: string }[] };
  };
}

/** The panels of a dashboard without its headings. */
export function panelsOf({ panels }: ClassicDashboard): readonly AskingPanel[] {
  return panels.filter(({ type }) => type !== 'row') as unknown as readonly AskingPanel[];
}

/** Every query of a dashboard. */
export function queriesOf(dashboard: ClassicDashboard): Asked[] {
  return panelsOf(dashboard).flatMap((panel) =>
    panel.targets.map((target) => ({
      dashboard: dashboard.title ?? '',
      panel: panel.title,
      refId: target.refId,
      datasource: target.datasource.uid,
      text: target.expr ?? target.query ?? '',
      instant: target.instant === true || target.queryType === 'instant',
      metrics: target.metricsQueryType !== undefined,
    })),
  );
}

/** What Grafana puts in the place of a variable before anything is chosen, and of its own words. */
const fillings: Readonly<Record<string, string>> = {
  __rate_interval: '1m',
  __auto: '1m',
  __range: '30m',
  service: '.+',
  endpoint: '.*',
  status_code: '.*',
  environment: '.*',
  filter: '',
  before: '1h',
  slower_than: '200ms',
  namespace: '.*',
  pod: '.*',
};

/** Names of the variables in a text, as `$name` or `${name}`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
}

/** A query as Grafana sends it when a dashboard is opened. */
export function interpolate(text: string): string {
  return text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => fillings[name] ?? whole);
}
