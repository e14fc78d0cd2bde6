import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardModel } from '../lib/grafana.ts';
import type { Unplaced } from './panels.ts';
import type { Plain } from './plain.ts';
import { datasource } from './queries.ts';

export interface DashboardProps {
  /** Fixed, because links hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Plain<VariableModel>[];
  /** Left to right, then down. */
  readonly panels: readonly Unplaced[];
}

/** Grafana's classic model: file provisioning takes no other. */
export type ClassicDashboard = Plain<Dashboard> & DashboardModel;

const columns = 24;

/** A dashboard with its panels numbered and placed. */
export function dashboard(props: DashboardProps): ClassicDashboard {
  return {
    id: null,
    uid: props.uid,
    title: props.title,
    description: props.description,
    tags: ['mantis'],
    schemaVersion: 41,
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    time: { from: 'now-30m', to: 'now' },
    refresh: '30s',
    templating: { list: props.variables },
    annotations: { list: [] },
    links: [],
    panels: place(props.panels),
  };
}

function place(panels: readonly Unplaced[]): NonNullable<ClassicDashboard['panels']> {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ queries, size, ...panel }, index) => {
    if (x + size.w > columns) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, ...size };
    x += size.w;
    rowHeight = Math.max(rowHeight, size.h);
    const targets = queries.map((query, n) => ({ refId: String.fromCharCode(65 + n), ...query }));
    return { id: index + 1, ...panel, gridPos, targets };
  });
}

/** A choice among the values of a Prometheus label; all of them at first. */
export function labelVariable(
  name: string,
  label: string,
  values: { readonly label: string; readonly of: string },
): Plain<VariableModel> {
  const query = `label_values(${values.of}, ${values.label})`;
  return {
    type: 'query',
    name,
    label,
    datasource: datasource('prometheus'),
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}
