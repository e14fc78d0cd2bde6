import type {
  AnnotationQuery,
  Dashboard,
  Panel,
  RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardModel } from '../../lib/grafana/grafana.ts';
import { otherDashboards } from './links.ts';
import type { FieldConfigSource, PanelSpec } from './panels.ts';
import type { Plain } from './sdk-types.ts';
import type { Variable } from './variables.ts';

/** Panels under one heading. */
export interface Row {
  readonly title: string;
  /** Left to right, then down. */
  readonly panels: readonly PanelSpec[];
}

export interface DashboardProps {
  /** Fixed, because links hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables?: readonly Variable[];
  /** What happened, as lines across all panels. */
  readonly annotations?: readonly Plain<AnnotationQuery>[];
  /** In the order of a story: is something wrong, where, why. */
  readonly rows: readonly Row[];
}

/** Grafana's classic model: file provisioning takes no other. */
export type ClassicDashboard = Plain<Omit<Dashboard, 'panels'>> &
  DashboardModel & { readonly panels: readonly Placed[] };

type Placed =
  | Plain<RowPanel>
  | (Plain<Omit<Panel, 'fieldConfig'>> & { readonly fieldConfig: FieldConfigSource });

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
    templating: { list: props.variables ?? [] },
    annotations: { list: props.annotations ?? [] },
    links: [otherDashboards],
    panels: place(props.rows),
  };
}

function place(rows: readonly Row[]): Placed[] {
  const panels: Placed[] = [];
  let top = 0;
  for (const row of rows) {
    const id = panels.length + 1;
    const gridPos = { x: 0, y: top, w: columns, h: 1 };
    panels.push({ id, type: 'row', title: row.title, collapsed: false, gridPos, panels: [] });
    let [x, y, height] = [0, top + 1, 0];
    for (const { queries, size, ...panel } of row.panels) {
      if (x + size.w > columns) [x, y, height] = [0, y + height, 0];
      const targets = queries.map((query, n) => ({ refId: String.fromCharCode(65 + n), ...query }));
      panels.push({ id: panels.length + 1, ...panel, gridPos: { x, y, ...size }, targets });
      x += size.w;
      height = Math.max(height, size.h);
    }
    top = y + height;
  }
  return panels;
}
