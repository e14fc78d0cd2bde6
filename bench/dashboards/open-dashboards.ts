import { performance } from 'node:perf_hooks';
import type { ClassicDashboard } from '../../dashboards/panels/dashboard.ts';
import { type PanelQuery, queriesOf } from '../../dashboards/panels/panel-queries.ts';
import type { GrafanaApi } from '../../ops/stores/grafana.ts';
import { countResults } from './panel-query.ts';

/** Connections of a browser to one server. */
const connections = 6;

/** How long a query took. */
export interface QueryTime {
  readonly query: PanelQuery;
  readonly ms: number;
}

/** What it takes to open a dashboard: each query in the order of its panels, some at a time. */
export interface OpenTime {
  readonly ms: number;
  readonly queries: readonly QueryTime[];
}

export async function openDashboard(
  grafana: GrafanaApi,
  dashboard: ClassicDashboard,
  selected: Readonly<Record<string, string>>,
): Promise<OpenTime> {
  // Those of collapsed rows wait until someone opens them; the service map has no query text.
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');
  const waiting = queriesOf({ ...dashboard, panels }).filter(({ text }) => text !== '');
  const queries: QueryTime[] = [];
  const start = performance.now();
  const connection = async () => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      const since = performance.now();
      await countResults(grafana, query, selected);
      queries.push({ query, ms: performance.now() - since });
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return { ms: performance.now() - start, queries };
}
