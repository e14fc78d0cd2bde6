import type { Options as BarGaugeOptions } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { Options as TimeseriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Colors, type PanelProps, type PanelSpec, panel } from './panel.ts';
import type { Query } from './queries.ts';
import type { EnumsAsValues } from './sdk-types.ts';

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
   * Name of a bar, where the answer is one table, as that of Loki to an instant query, of whose rows
   * the legend of the query names none.
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

/** Otherwise "No data" has a color of values: green, as if all were well, or red. */
const grayWithoutValue = {
  type: 'special',
  options: { match: 'null+nan', result: { color: 'gray', index: 9 } },
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
  const mappings = [
    ...(texts === undefined ? [] : [{ type: 'value', options: texts }]),
    grayWithoutValue,
  ];
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
    minVizHeight: 38,
    maxVizHeight: 46,
    text: { titleSize: 13, valueSize: 14 },
    reduceOptions: { calcs: ['lastNotNull'], values: rowName !== undefined },
    legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
  } satisfies EnumsAsValues<BarGaugeOptions>;
  const displayName = rowName ?? nameByLabels(props.queries);
  const mappings = [grayWithoutValue];
  return panel('bargauge', props, 9, { options, color, min: 0, displayName, mappings });
}

/** The legend of the only query as a display name: without one, a single bar has no name. */
function nameByLabels([query, ...others]: readonly Query[]): string | undefined {
  if (query === undefined || others.length > 0 || !('legendFormat' in query)) return undefined;
  return query.legendFormat?.replaceAll(/\{\{(\w+)\}\}/g, `\${__field.labels.$1}`);
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

/** A graph of services and the calls between them. */
export function nodeGraph(props: PanelProps): PanelSpec {
  return panel('nodeGraph', props, 12, { options: {} });
}
