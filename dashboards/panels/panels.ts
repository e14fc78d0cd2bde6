import type { Options as BarGaugeOptions } from '@grafana/grafana-foundation-sdk/bargauge';
import type { FieldConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { Options as TimeseriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DataLink } from './links.ts';
import type { Query } from './queries.ts';
import type { Plain } from './sdk-types.ts';

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
  /** Where a click on a point or a cell leads. @default - nowhere */
  readonly links?: readonly DataLink[];
}

export interface TimeseriesProps extends PanelProps {
  /** Bars on top of each other, for parts of a whole. @default - lines */
  readonly stacked?: boolean;
  /** Colour of series by their name. @default - one after the other */
  readonly colors?: Readonly<Record<string, string>>;
}

/** The SDK takes the links of a field for those of a dashboard, which look different. */
export interface FieldConfigSource {
  readonly defaults: Plain<Omit<FieldConfig, 'links'>> & { readonly links?: readonly DataLink[] };
  readonly overrides: readonly ReturnType<typeof colored>[];
}

/** A panel without its place; `dashboard()` numbers and places it. */
export type PanelSpec = Plain<Omit<Panel, 'id' | 'gridPos' | 'targets' | 'fieldConfig'>> & {
  readonly fieldConfig: FieldConfigSource;
  readonly queries: readonly Query[];
  readonly size: { readonly w: number; readonly h: number };
};

/** One number, with its recent course behind it. */
export function stat(props: PanelProps): PanelSpec {
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
export function timeseries(props: TimeseriesProps): PanelSpec {
  const options = {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  } satisfies Plain<TimeseriesOptions>;
  const lines = { fillOpacity: 10, showPoints: 'never' };
  const bars = { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal' } };
  return panel('timeseries', props, 9, options, props.stacked ? bars : lines);
}

/** How often each size occurs over time: the darker, the more. */
export function heatmap(props: PanelProps): PanelSpec {
  const options = {
    calculate: false,
    color: { mode: 'scheme', scheme: 'Oranges', steps: 64, fill: 'dark-orange', reverse: false },
    yAxis: { unit: props.unit, axisPlacement: 'left' },
    cellGap: 1,
    tooltip: { mode: 'single', yHistogram: true },
    legend: { show: true },
    exemplars: { color: 'rgba(255,0,255,0.7)' },
  };
  return panel('heatmap', props, 9, options);
}

/** The largest of many, one bar each. */
export function barGauge(props: PanelProps): PanelSpec {
  const options = {
    displayMode: 'basic',
    orientation: 'horizontal',
    valueMode: 'color',
    namePlacement: 'auto',
    showUnfilled: true,
    sizing: 'auto',
    minVizWidth: 8,
    minVizHeight: 16,
    maxVizHeight: 300,
    reduceOptions: { calcs: ['lastNotNull'], values: false },
    legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
  } satisfies Plain<BarGaugeOptions>;
  return panel('bargauge', props, 9, options);
}

/** Log lines, newest first, each with its fields and the link to its trace. */
export function logs(props: PanelProps): PanelSpec {
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
export function table(props: PanelProps): PanelSpec {
  return panel('table', props, 10, { showHeader: true, cellHeight: 'sm' });
}

/** Services and the calls between them. */
export function nodeGraph(props: PanelProps): PanelSpec {
  return panel('nodeGraph', props, 10, {});
}

function panel(
  type: string,
  props: TimeseriesProps,
  height: number,
  options: unknown,
  custom?: unknown,
): PanelSpec {
  const { title, description, queries, width, unit, thresholds, links, colors = {} } = props;
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
    color: { mode: thresholds && type !== 'timeseries' ? 'thresholds' : 'palette-classic' },
    custom,
  } satisfies Plain<FieldConfig>;
  return {
    type,
    title,
    description,
    queries,
    datasource: queries[0]?.datasource,
    fieldConfig: {
      defaults: { ...defaults, links },
      overrides: Object.entries(colors).map(colored),
    },
    options,
    size: { w: width, h: height },
  };
}

function colored([name, color]: readonly [string, string]) {
  return {
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
  };
}
