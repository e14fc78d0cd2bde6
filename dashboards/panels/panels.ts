import type { Options as BarGaugeOptions } from '@grafana/grafana-foundation-sdk/bargauge';
import type { FieldConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { Options as TimeseriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DataLink } from './links.ts';
import { logStep, type Query } from './queries.ts';
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
  /** Decimals of values. @default - as many as the value needs */
  readonly decimals?: number;
  /** Data links. @default - none */
  readonly links?: readonly DataLink[];
  /**
   * What the panel says instead of "No data", where that is normal.
   *
   * @default - data is expected as soon as an app sends telemetry
   */
  readonly empty?: string;
  /** Height in rows of the grid. @default - that of the panel type */
  readonly height?: number;
}

/** Color of series by name; a name in slashes is a regular expression. */
export type Colors = Readonly<Record<string, string>>;

export interface TimeseriesProps extends PanelProps {
  /** Stacked bars instead of lines. @default false */
  readonly stacked?: boolean;
  /** @default - the palette of Grafana */
  readonly colors?: Colors;
  /** Names of series that their query cannot name. @default - none */
  readonly names?: Readonly<Record<string, string>>;
  /** The least upper end of the axis. @default - by the unit, so that zeros are at the bottom */
  readonly axisMax?: number;
  /** The ends of the axis, beyond which graphs are cut off. @default - those of the values */
  readonly range?: readonly [min: number, max: number];
}

export interface HeatmapProps extends PanelProps {
  /** Unit of what the cells count. */
  readonly cellUnit: string;
}

export interface BarGaugeProps extends PanelProps {
  /** Color of all bars. @default blue */
  readonly color?: string;
  /**
   * Name of a bar. Loki's answer to an instant query is one table, of whose rows the legend of the
   * query names none.
   *
   * @default - the legend of the query
   */
  readonly rowName?: string;
}

export interface StatProps extends PanelProps {
  /** What each value says, and its color. @default - the number */
  readonly texts?: Readonly<Record<number, { readonly text: string; readonly color: string }>>;
}

/** The unit of a rate of something, which Grafana scales as a count: `1.2 K lines/s`. */
export const perSecond = (what: string) => `count:${what}/s`;

/** The least upper end of an axis by unit: without it, a graph of zeros goes from 0 to 100. */
const axisMaxOf: Readonly<Record<string, number>> = { s: 0.01, percentunit: 0.01, bytes: 1024 };

/**
 * Field configuration with data links; the SDK declares them as dashboard links, which have other
 * fields.
 */
export interface FieldConfigSource {
  readonly defaults: EnumsAsValues<Omit<FieldConfig, 'links'>> & {
    readonly links?: readonly DataLink[];
  };
  readonly overrides: readonly {
    readonly matcher: { readonly id: string; readonly options: string };
    readonly properties: readonly { readonly id: string; readonly value: unknown }[];
  }[];
}

/** A panel without id and position, which `dashboard()` assigns. */
export type PanelSpec = EnumsAsValues<Omit<Panel, 'id' | 'gridPos' | 'targets' | 'fieldConfig'>> & {
  readonly fieldConfig: FieldConfigSource;
  readonly queries: readonly Query[];
  readonly size: { readonly w: number; readonly h: number };
};

/** The last value as a number, with a graph in the background; one for each series. */
export function stat({ texts, ...props }: StatProps): PanelSpec {
  const options = {
    graphMode: texts === undefined ? 'area' : 'none',
    colorMode: texts === undefined ? 'value' : 'background',
    justifyMode: 'auto',
    textMode: 'auto',
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: 'standard',
    orientation: 'auto',
    reduceOptions: { calcs: ['lastNotNull'], values: false },
  } satisfies EnumsAsValues<StatOptions>;
  const mappings = texts && [{ type: 'value', options: texts }];
  return panel('stat', props, 4, { options, mappings });
}

/** Lines or stacked bars over time, with exemplars. */
export function timeseries(props: TimeseriesProps): PanelSpec {
  const { stacked, colors, names, axisMax, range: [min, max] = [], ...common } = props;
  const options = {
    // A table with means and maxima would take half of the panel; the tooltip has the values.
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  } satisfies EnumsAsValues<TimeseriesOptions>;
  const axis = {
    axisSoftMin: 0,
    axisSoftMax: axisMax ?? axisMaxOf[props.unit ?? ''] ?? (props.decimals === 0 ? 1 : 0.1),
  };
  const lines = { fillOpacity: 10, showPoints: 'never' };
  const bars = { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal' } };
  const custom = { ...(stacked ? bars : lines), ...axis };
  return panel('timeseries', common, 9, { options, custom, colors, names, min, max });
}

/** A histogram over time. */
export function heatmap({ cellUnit, ...props }: HeatmapProps): PanelSpec {
  const options = {
    calculate: false,
    color: { mode: 'scheme', scheme: 'Oranges', steps: 64, fill: 'dark-orange', reverse: false },
    yAxis: { unit: props.unit, axisPlacement: 'left' },
    cellGap: 1,
    tooltip: { mode: 'single', yHistogram: true },
    legend: { show: true },
    exemplars: { color: 'rgba(255,0,255,0.7)' },
  };
  // The unit of the fields is that of the color scale.
  return panel('heatmap', { ...props, unit: cellUnit }, 9, { options });
}

/** A horizontal bar for each series. */
export function barGauge({ color = 'blue', rowName, ...props }: BarGaugeProps): PanelSpec {
  const options = {
    displayMode: 'basic',
    orientation: 'horizontal',
    valueMode: 'color',
    namePlacement: 'top',
    showUnfilled: true,
    sizing: 'manual',
    minVizWidth: 8,
    minVizHeight: 16,
    maxVizHeight: 32,
    text: { titleSize: 13, valueSize: 14 },
    reduceOptions: { calcs: ['lastNotNull'], values: rowName !== undefined },
    legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
  } satisfies EnumsAsValues<BarGaugeOptions>;
  return panel('bargauge', props, 9, { options, color, min: 0, displayName: rowName });
}

/** The field of a log line in the fields that a panel of logs displays. */
const lineField = '___LOG_LINE_BODY___';

/** Log lines, newest first, with their service, and details that link to their trace. */
export function logs(props: PanelProps & { readonly source: string }): PanelSpec {
  const { source, ...common } = props;
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
    displayedFields: [source, lineField],
  } satisfies EnumsAsValues<LogsOptions> & { displayedFields: readonly string[] };
  return panel('logs', common, 10, { options });
}

export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly links?: readonly DataLink[];
}

export interface TableProps extends PanelProps {
  /**
   * The columns by field, in order; fields of several queries are joined by the labels that they
   * have in common.
   */
  readonly columns: Readonly<Record<string, Column>>;
}

function tablePanel(
  props: PanelProps,
  transformations: readonly { readonly id: string; readonly options: unknown }[],
  overrides: FieldConfigSource['overrides'],
): PanelSpec {
  const options = { showHeader: true, cellHeight: 'sm' };
  const spec = panel('table', props, 8, { options, custom: { minWidth: 90 } });
  const { defaults } = spec.fieldConfig;
  // What the panel says without data is otherwise also in every cell without a value.
  const emptyCells = override('/.*/', 'noValue', '–');
  return {
    ...spec,
    transformations: [...transformations],
    fieldConfig: { defaults, overrides: [emptyCells, ...overrides] },
  };
}

/** A table of traces that a search found. */
export function traceTable(props: PanelProps): PanelSpec {
  const widths = { 'Trace ID': 180, 'Start time': 190, Service: 160, Duration: 110 };
  return tablePanel(
    props,
    // A search that streams also returns its progress.
    [{ id: 'filterByRefId', options: { include: 'traces' } }],
    Object.entries(widths).map(([column, width]) => override(column, 'custom.width', width)),
  );
}

/** A table of series. */
export function table({ columns, ...props }: TableProps): PanelSpec {
  const fields = Object.keys(columns);
  const transformations = [
    { id: 'merge', options: {} },
    { id: 'filterFieldsByName', options: { include: { names: fields } } },
    {
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
        renameByName: Object.fromEntries(
          Object.entries(columns).map(([field, { title }]) => [field, title]),
        ),
      },
    },
  ];
  const overrides = Object.values(columns).map(({ title, ...properties }) => ({
    matcher: { id: 'byName', options: title },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  }));
  return tablePanel(props, transformations, overrides);
}

/** Text in Markdown. */
export function text(props: { title: string; content: string; width: number; height: number }) {
  const options = { mode: 'markdown', content: props.content };
  return {
    ...panel('text', { ...props, description: '', queries: [] }, props.height, { options }),
  };
}

/** A list of the dashboards with a tag. */
export function dashboardList(props: {
  title: string;
  tag: string;
  width: number;
  height: number;
}) {
  const options = {
    tags: [props.tag],
    maxItems: 30,
    query: '',
    showHeadings: false,
    showRecentlyViewed: false,
    showSearch: true,
    showStarred: false,
    showFolderNames: false,
    includeVars: false,
    keepTime: true,
  };
  return panel('dashlist', { ...props, description: '', queries: [] }, props.height, { options });
}

/** A graph of services and the calls between them. */
export function nodeGraph(props: PanelProps): PanelSpec {
  return panel('nodeGraph', props, 12, { options: {} });
}

interface PanelParts {
  readonly options: unknown;
  readonly custom?: unknown;
  readonly colors?: Colors;
  readonly names?: Readonly<Record<string, string>>;
  /** Color of all series. */
  readonly color?: string;
  readonly min?: number;
  readonly max?: number;
  readonly displayName?: string;
  readonly mappings?: unknown;
}

function panel(type: string, props: PanelProps, height: number, parts: PanelParts): PanelSpec {
  const { title, description, queries, width, unit, thresholds, links, decimals } = props;
  const {
    options,
    custom,
    colors = {},
    names = {},
    color,
    min,
    max,
    displayName,
    mappings,
  } = parts;
  const defaults = {
    unit,
    decimals,
    min,
    max,
    displayName,
    mappings: mappings as FieldConfig['mappings'],
    noValue: props.empty,
    thresholds: thresholds && {
      mode: 'absolute',
      steps: [
        { value: null, color: 'green' },
        { value: thresholds[0], color: 'yellow' },
        { value: thresholds[1], color: 'red' },
      ],
    },
    color:
      color === undefined
        ? { mode: thresholds && type !== 'timeseries' ? 'thresholds' : 'palette-classic' }
        : { mode: 'fixed', fixedColor: color },
    custom,
  } satisfies EnumsAsValues<FieldConfig>;
  return {
    type,
    title,
    description,
    queries,
    datasource: queries[0]?.datasource,
    // Loki chooses a step of a second or two, with which a graph of a few lines is a row of spikes.
    interval: queries[0]?.datasource.type === 'loki' ? logStep : undefined,
    fieldConfig: {
      defaults: { ...defaults, links },
      overrides: [
        ...Object.entries(colors).map(([name, fixedColor]) =>
          override(name, 'color', { mode: 'fixed', fixedColor }),
        ),
        ...Object.entries(names).map(([name, text]) => override(name, 'displayName', text)),
      ],
    },
    options,
    size: { w: width, h: props.height ?? height },
  };
}

/** Sets a property of the series of a name, or of those that match a regular expression. */
function override(name: string, id: string, value: unknown) {
  return {
    matcher: { id: name.startsWith('/') ? 'byRegexp' : 'byName', options: name },
    properties: [{ id, value }],
  };
}
