import type { FieldConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
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

/** What depends on the type of a panel. */
export interface PanelParts {
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

/**
 * A panel of a type.
 *
 * @param height unless the props have one, in rows of the grid
 */
export function panel(
  type: string,
  props: PanelProps,
  height: number,
  parts: PanelParts,
): PanelSpec {
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
export function override(name: string, id: string, value: unknown) {
  return {
    matcher: { id: name.startsWith('/') ? 'byRegexp' : 'byName', options: name },
    properties: [{ id, value }],
  };
}
