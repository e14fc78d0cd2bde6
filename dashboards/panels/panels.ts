import type { Options as BarGaugeOptions } from '@grafana/grafana-foundation-sdk/bargauge';
import type { FieldConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { Options as TimeseriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DataLink } from './links.ts';
import type { Query } from './queries.ts';
import type { EnumsAsValues } from './sdk-types.ts';

export interface PanelProps {
  readonly title: string;
  /** What the panel shows, which values are bad, and what to do then. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** Width in columns of the grid, which has 24. */
  readonly width: number;
  /** Grafana's unit id, such as `reqps`, `s`, `percentunit`. @default - a number without unit */
  readonly unit?: string;
  /** Values from which the color is yellow and red. @default - no thresholds */
  readonly thresholds?: readonly [warning: number, bad: number];
  /** Data links. @default - none */
  readonly links?: readonly DataLink[];
}

export interface TimeseriesProps extends PanelProps {
  /** Stacked bars instead of lines. @default false */
  readonly stacked?: boolean;
  /** Color of series by name. @default - the palette of Grafana */
  readonly colors?: Readonly<Record<string, string>>;
}

/**
 * Field configuration with data links; the SDK declares them as dashboard links, which have other
 * fields.
 */
export interface FieldConfigSource {
  readonly defaults: EnumsAsValues<Omit<FieldConfig, 'links'>> & {
    readonly links?: readonly DataLink[];
  };
  readonly overrides: readonly ReturnType<typeof colorOverride>[];
}

/** A panel without id and position, which `dashboard()` assigns. */
export type PanelSpec = EnumsAsValues<Omit<Panel, 'id' | 'gridPos' | 'targets' | 'fieldConfig'>> & {
  readonly fieldConfig: FieldConfigSource;
  readonly queries: readonly Query[];
  readonly size: { readonly w: number; readonly h: number };
};

/** The last value as a number, with a graph in the background. */
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
  } satisfies EnumsAsValues<StatOptions>;
  return panel('stat', props, 4, options);
}

/** Lines or stacked bars over time, with exemplars. */
export function timeseries(props: TimeseriesProps): PanelSpec {
  const options = {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  } satisfies EnumsAsValues<TimeseriesOptions>;
  const lines = { fillOpacity: 10, showPoints: 'never' };
  const bars = { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal' } };
  return panel('timeseries', props, 9, options, props.stacked ? bars : lines);
}

/** A histogram over time. */
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

/** A horizontal bar for each series. */
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
  } satisfies EnumsAsValues<BarGaugeOptions>;
  return panel('bargauge', props, 9, options);
}

/** Log lines, newest first, with details that link to their trace. */
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
  } satisfies EnumsAsValues<LogsOptions>;
  return panel('logs', props, 10, options);
}

/** A table, such as of traces. */
export function table(props: PanelProps): PanelSpec {
  return panel('table', props, 10, { showHeader: true, cellHeight: 'sm' });
}

/** A graph of services and the calls between them. */
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
  } satisfies EnumsAsValues<FieldConfig>;
  return {
    type,
    title,
    description,
    queries,
    datasource: queries[0]?.datasource,
    fieldConfig: {
      defaults: { ...defaults, links },
      overrides: Object.entries(colors).map(colorOverride),
    },
    options,
    size: { w: width, h: height },
  };
}

function colorOverride([name, color]: readonly [string, string]) {
  return {
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
  };
}
