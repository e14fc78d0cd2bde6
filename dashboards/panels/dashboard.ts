import type {
  AnnotationQuery,
  Dashboard,
  Panel,
  RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardModel } from '../../lib/grafana/grafana.ts';
import { sourceFile, sourceKey } from '../../lib/model/source.ts';
import { dashboardTag, otherDashboards } from './links.ts';
import type { FieldConfigSource, PanelSpec } from './panel.ts';
import type { EnumsAsValues } from './sdk-types.ts';
import type { Variable } from './variables.ts';

/** A row of a dashboard. */
export interface Row {
  readonly title: string;
  /** Whether its panels, and their queries, wait until someone opens it. @default false */
  readonly collapsed?: boolean;
  /** Placed from left to right, then top to bottom. */
  readonly panels: readonly PanelSpec[];
}

export interface DashboardProps {
  /** Its `import.meta.filename`. */
  readonly filename: string;
  /** Fixed, because links contain it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables?: readonly Variable[];
  /** Annotations on all panels. @default - none */
  readonly annotations?: readonly EnumsAsValues<AnnotationQuery>[];
  readonly rows: readonly Row[];
}

/** Grafana's classic dashboard model, the only one that file provisioning accepts. */
export type ClassicDashboard = EnumsAsValues<Omit<Dashboard, 'panels'>> &
  DashboardModel & { readonly panels: readonly PlacedPanel[] };

type QueryPanel = EnumsAsValues<Omit<Panel, 'fieldConfig'>> & {
  readonly fieldConfig: FieldConfigSource;
};
/** A row; the panels of one that is collapsed are within it. */
type PlacedRow = EnumsAsValues<Omit<RowPanel, 'panels' | 'type'>> & {
  readonly type: 'row';
  readonly panels: readonly QueryPanel[];
};
type PlacedPanel = PlacedRow | QueryPanel;

const columns = 24;

/** Builds a dashboard; assigns ids and grid positions to its panels. */
export function dashboard(props: DashboardProps): ClassicDashboard {
  return {
    [sourceKey]: sourceFile(props.filename),
    id: null,
    uid: props.uid,
    title: props.title,
    description: props.description,
    tags: [dashboardTag],
    schemaVersion: 41,
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    time: { from: 'now-30m', to: 'now' },
    refresh: '30s',
    templating: { list: props.variables ?? [] },
    annotations: { list: props.annotations ?? [] },
    links: [otherDashboards],
    panels: placePanels(props.rows),
  };
}

function placePanels(rows: readonly Row[]): PlacedPanel[] {
  const panels: PlacedPanel[] = [];
  let id = 0;
  const nextId = () => ++id;
  let top = 0;
  for (const row of rows) {
    const { title, collapsed = false } = row;
    const gridPos = { x: 0, y: top, w: columns, h: 1 };
    const within: QueryPanel[] = [];
    panels.push({ id: nextId(), type: 'row', title, collapsed, gridPos, panels: within });
    const placed: PlacedPanel[] = collapsed ? within : panels;
    let [x, y, height] = [0, top + 1, 0];
    for (const { queries, size, ...panel } of row.panels) {
      if (x + size.w > columns) [x, y, height] = [0, y + height, 0];
      const targets = queries.map((query, n) => ({ refId: String.fromCharCode(65 + n), ...query }));
      placed.push({ id: nextId(), ...panel, gridPos: { x, y, ...size }, targets });
      x += size.w;
      height = Math.max(height, size.h);
    }
    top = collapsed ? top + 1 : y + height;
  }
  return panels;
}
