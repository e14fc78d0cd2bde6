import type { DataLink } from './links.ts';
import {
  type FieldConfigSource,
  override,
  type PanelProps,
  type PanelSpec,
  panel,
} from './panel.ts';

export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** In pixels. @default - the columns without one share what is left */
  readonly width?: number;
  readonly links?: readonly DataLink[];
}

export interface TableProps extends PanelProps {
  /**
   * The columns by field, in order; fields of several queries are joined by the labels that they
   * have in common.
   */
  readonly columns: Readonly<Record<string, Column>>;
}

const notANumber = { match: 'nan', result: { text: '–', index: 0 } };

function tablePanel(
  props: PanelProps,
  transformations: readonly { readonly id: string; readonly options: unknown }[],
  overrides: FieldConfigSource['overrides'],
): PanelSpec {
  const options = { showHeader: true, cellHeight: 'sm' };
  const spec = panel('table', props, 8, { options, custom: { minWidth: 90 } });
  const { defaults } = spec.fieldConfig;
  // What the panel says without data is otherwise also in every cell without a value.
  const emptyCells = {
    matcher: { id: 'byRegexp', options: '/.*/' },
    properties: [
      { id: 'noValue', value: '–' },
      // The ratio or percentile of no request.
      { id: 'mappings', value: [{ type: 'special', options: notANumber }] },
    ],
  };
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
  const overrides = Object.values(columns).map(({ title, width, ...properties }) => ({
    matcher: { id: 'byName', options: title },
    properties: [
      ...Object.entries(properties).map(([id, value]) => ({ id, value })),
      ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ],
  }));
  return tablePanel(props, transformations, overrides);
}
