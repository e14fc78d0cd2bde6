import { parse } from 'yaml';
import { panelQueries, queryMistake } from '../dashboards/queries/query-mistakes.ts';
import { configFiles, type Manifest } from './manifest.ts';

/** A query of a dashboard or rule in the output. */
export interface FoundQuery {
  /** ConfigMap, file, and panel or rule. */
  readonly where: string;
  readonly language: 'prometheus' | 'loki' | 'tempo';
  readonly text: string;
  /** The metric that a recording rule stores. @default - none */
  readonly record?: string;
}

interface RuleFile {
  readonly groups?: readonly {
    readonly rules: readonly { alert?: string; record?: string; expr: string }[];
  }[];
}

/** Every query of every dashboard and rule. */
export function queriesIn(manifests: readonly Manifest[]): FoundQuery[] {
  return configFiles(manifests).flatMap(({ configMap, file, text }): FoundQuery[] => {
    const at = `ConfigMap ${configMap}: ${file}`;
    if (configMap.startsWith('grafana-dashboard-') && file.endsWith('.json')) {
      return panelQueries(JSON.parse(text)).map((query) => ({
        ...query,
        where: `${at}: panel ${query.panel}: query ${query.refId}`,
      }));
    }
    const [, store] = /^(prometheus|loki)-rules/.exec(configMap) ?? [];
    if (store === undefined) return [];
    const { groups = [] } = (parse(text) ?? {}) as RuleFile;
    return groups.flatMap(({ rules }) =>
      rules.map(({ alert, record, expr }) => ({
        where: `${at}: ${alert ?? record}`,
        language: store as 'prometheus' | 'loki',
        text: expr,
        ...(record !== undefined && { record }),
      })),
    );
  });
}

/** The queries of dashboards and rules that are not of their language. */
export function queryMistakes(manifests: readonly Manifest[]): string[] {
  return queriesIn(manifests).flatMap(({ where, language, text }) => {
    const mistake = queryMistake(text, language);
    return mistake === undefined ? [] : [`${where}: ${mistake}`];
  });
}
