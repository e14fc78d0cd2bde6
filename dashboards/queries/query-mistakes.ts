import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { z } from 'zod';
import { syntaxErrors } from '../../lib/model/query-syntax.ts';
import { type DatasourceUid, datasourceUids } from '../../lib/model/uids.ts';

/** The queries of any dashboard in Grafana's classic model, by the grammars of their languages. */

const languages = {
  prometheus: { name: 'PromQL', parser: promql },
  loki: { name: 'LogQL', parser: logql },
  tempo: { name: 'TraceQL', parser: traceql },
} as const;

type Language = keyof typeof languages;

const datasource = z.looseObject({ type: z.string().optional(), uid: z.string().optional() });

const target = z.looseObject({
  refId: z.string().default('A'),
  datasource: datasource.nullish().catch(undefined),
  expr: z.string().optional(),
  query: z.string().optional(),
  queryType: z.string().optional(),
});

interface PanelModel {
  readonly title: string;
  readonly datasource?: z.output<typeof datasource> | null;
  readonly targets: readonly z.output<typeof target>[];
  readonly panels: readonly PanelModel[];
}

/** Exporters write null for an empty list. */
function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

const panel: z.ZodType<PanelModel> = z.looseObject({
  title: z.string().default('without a title'),
  datasource: datasource.nullish().catch(undefined),
  targets: listOf(target),
  get panels() {
    return listOf(panel);
  },
}) as z.ZodType<PanelModel>;

const dashboard = z.looseObject({ panels: listOf(panel) });

/** A query of a panel of any dashboard. */
export interface AnyPanelQuery {
  readonly panel: string;
  readonly refId: string;
  readonly language: Language;
  readonly text: string;
}

/** The mistakes in the queries of a dashboard, with panel and query. */
export function dashboardQueryMistakes(model: object): string[] {
  const { data, error } = dashboard.safeParse(JSON.parse(JSON.stringify(model)));
  if (data === undefined) {
    return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  return data.panels.flatMap(queriesOfPanel).flatMap(({ panel, refId, text, language }) => {
    const mistake = queryMistake(text, language);
    return mistake === undefined ? [] : [`panel ${panel}: query ${refId}: ${mistake}`];
  });
}

/** Every query of a dashboard, in PromQL, LogQL or TraceQL. */
export function panelQueries(model: object): AnyPanelQuery[] {
  return dashboard.parse(model).panels.flatMap(queriesOfPanel);
}

function queriesOfPanel({ title, datasource, targets, panels }: PanelModel): AnyPanelQuery[] {
  const own = targets.flatMap((each) => {
    const language = languageOf(each.datasource ?? datasource ?? {});
    const text = queryText(each, language);
    if (language === undefined || text === undefined) return [];
    return [{ panel: title, refId: each.refId, language, text }];
  });
  // A closed row has its panels below itself.
  return [...own, ...panels.flatMap(queriesOfPanel)];
}

/** Undefined for other data sources, and for one that is a variable. */
function languageOf({ type, uid }: z.output<typeof datasource>): Language | undefined {
  const known = type ?? (uid !== undefined && uid in datasourceUids ? (uid as DatasourceUid) : '');
  return known in languages ? (known as Language) : undefined;
}

/** Of the kinds of queries of Tempo, only some are TraceQL; a single word is a trace id. */
function queryText({ expr, query, queryType }: z.output<typeof target>, language?: Language) {
  if (language !== 'tempo') return expr || undefined;
  const isTraceql = queryType === undefined || queryType === 'traceql';
  return isTraceql && query && !/^\w*$/.test(query) ? query : undefined;
}

/** Where a query is not of its language; undefined if it is. */
export function queryMistake(text: string, language: Language): string | undefined {
  const { name, parser } = languages[language];
  // A variable may stand for a duration, a name or a number; within quotes it may be anything.
  const readings = ['x', '1', '5m'].map((value) => withVariables(text, value));
  const errors = readings.map((reading) => ({ reading, errors: syntaxErrors(parser, reading) }));
  if (errors.some((each) => each.errors.length === 0)) return undefined;
  const { reading = '', errors: [offset = 0] = [] } = errors[0] ?? {};
  const before = reading.slice(0, offset).trimEnd().replaceAll(/\s+/g, ' ');
  return `not ${name}${before && ` after: ${before.slice(-60)}`}`;
}

/** Replaces Grafana's variables; where a duration has to stand, by one. */
export function withVariables(text: string, value: string): string {
  const variable = /\$\{[^}]+\}|\$\w+|\[\[\w+\]\]/g;
  return text
    .replaceAll(/(?<=\[|\boffset\s|:)\s*(?:\$\{[^}]+\}|\$\w+)(?=\s*[\]:)]|\s|$)/g, '5m')
    .replaceAll(variable, value);
}
