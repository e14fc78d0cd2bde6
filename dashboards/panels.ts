import type { FieldConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { Options as TimeseriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Plain } from './plain.ts';
import type { Query } from './queries.ts';

export interface PanelProps {
  readonly title: string;
  /** What it shows, what is bad, what to do then. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** Columns of the grid's 24. */
  readonly width: number;
  /** Grafana's id of a unit, such as `reqps`, `s`, `percentunit`. @default - a plain number */
  readonly unit?: string;
  /** Values from which the colour changes to yellow and to red. @default - one colour */
  readonly thresholds?: readonly [warning: number, bad: number];
}

/** A panel without its place; `dashboard()` numbers and places it. */
export type Unplaced = Plain<Omit<Panel, 'id' | 'gridPos' | 'targets'>> & {
  readonly queries: readonly Query[];
  readonly size: { readonly w: number; readonly h: number };
};

/** One number, with its recent course behind it. */
export function stat(props: PanelProps): Unplaced {
  const options = {
    graphMode: 'area',
    colorMode: 'value',
    justifyMode: 'auto',
    textMode: 'auto',
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: 'standard',
    orientation: 'auto',
    reduceOptions: { calcs: ['lastNotNull'], values: false },
  } satisfies Plain<StatOptions>;
  return panel('stat', props, 4, options);
}

/** Lines over time; a click on an exemplar opens its trace. */
export function timeseries(props: PanelProps): Unplaced {
  const options = {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  } satisfies Plain<TimeseriesOptions>;
  return panel('timeseries', props, 9, options, { fillOpacity: 10, showPoints: 'never' });
}

/** Log lines, newest first, each with its fields and the link to its trace. */
export function logs(props: PanelProps): Unplaced {
  const options = {
    showLabels: false,
    showCommonLabels: false,
    showTime: true,
    showLogContextToggle: true,
    wrapLogMessage: true,
    prettifyLogMessage: false,
    enableLogDetails: true,
    sortOrder: 'Descending',
    dedupStrategy: 'none',
  } satisfies Plain<LogsOptions>;
  return panel('logs', props, 10, options);
}

/** Rows of a search, such as traces. */
export function table(props: PanelProps): Unplaced {
  return panel('table', props, 10, { showHeader: true, cellHeight: 'sm' });
}

/** Services and the calls between them. */
export function nodeGraph(props: PanelProps): Unplaced {
  return panel('nodeGraph', props, 10, {});
}

function panel(
  type: string,
  props: PanelProps,
  height: number,
  options: unknown,
  custom?: unknown,
): Unplaced {
  const { title, description, queries, width, unit, thresholds } = props;
  const defaults = {
    unit,
    thresholds: thresholds && {
      mode: 'absolute',
      steps: [
        { value: null, color: 'green' },
        { value: thresholds[0], color: 'yellow' },
        { value: thresholds[1], color: 'red' },
      ],
    },
    color: { mode: thresholds && type === 'stat' ? 'thresholds' : 'palette-classic' },
    custom,
  } satisfies Plain<FieldConfig>;
  return {
    type,
    title,
    description,
    queries,
    datasource: queries[0]?.datasource,
    fieldConfig: { defaults, overrides: [] },
    options,
    size: { w: width, h: height },
  };
}
