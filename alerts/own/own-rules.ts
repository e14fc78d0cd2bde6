import { parser as logql } from '@grafana/lezer-logql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import type { NamedConfigFiles } from '../../lib/model/config-file.ts';
import { syntaxErrors } from '../../lib/model/query-syntax.ts';
import {
  type CheckedFile,
  checkFile,
  checkNames,
  firstUsers,
} from '../../lib/own-files/check-file.ts';
import { isRuleTest, type OwnFile, slug } from '../../lib/own-files/own-files.ts';
import { ruleFileSchema } from './rule-file.ts';

export type RuleLanguage = 'PromQL' | 'LogQL';

/** The user's rule files, for a ConfigMap each, and the mistakes in them. */
export interface OwnRules {
  readonly files: readonly NamedConfigFiles[];
  readonly mistakes: readonly string[];
}

/**
 * Checks the user's rule files. Types of queries, such as `rate(up)`, and the functions in templates
 * are left to promtool (`make validate`).
 *
 * @param ownGroups the names of Mantis' own groups
 */
export function ownRules(
  all: readonly OwnFile[],
  language: RuleLanguage,
  ownGroups: readonly string[],
): OwnRules {
  const files = all.filter((file) => !isRuleTest(file));
  const checked = files.map((file) => checkFile(file, ruleFileSchema));
  return {
    files: files.map(({ path, text }) => {
      const name = slug(path);
      return { name, files: { [`own-${name}.yaml`]: text }, sources: [path] };
    }),
    mistakes: [
      ...checkNames(files, slug),
      ...checked.flatMap(({ mistakes }) => mistakes),
      ...checked.flatMap((file) => queryMistakes(file, language)),
      ...repeatedGroups(checked, ownGroups),
    ],
  };
}

type CheckedRules = CheckedFile<(typeof ruleFileSchema)['_output']>;

function queryMistakes({ value, mistake }: CheckedRules, language: RuleLanguage): string[] {
  return (value?.groups ?? []).flatMap(({ rules }, group) =>
    rules.flatMap(({ expr, alert, record }, rule) => {
      const wrong = queryMistake(expr.trimEnd(), language);
      if (wrong === undefined) return [];
      const path = ['groups', group, 'rules', rule, 'expr'];
      return [mistake(path, `${alert ?? record}: ${wrong.message}`, wrong.offset)];
    }),
  );
}

function queryMistake(expr: string, language: RuleLanguage) {
  const parser = language === 'PromQL' ? promql : logql;
  const [offset] = syntaxErrors(parser, expr);
  if (offset !== undefined) {
    const before = expr.slice(0, offset).trimEnd().replaceAll(/\s+/g, ' ');
    return { offset, message: `not ${language}${before && ` after: ${before.slice(-60)}`}` };
  }
  const selectsLines = language === 'LogQL' && !isMetricQuery(expr);
  return selectsLines
    ? {
        offset: 0,
        message: 'wanted a metric query, such as count_over_time(… [5m]), not log lines',
      }
    : undefined;
}

function isMetricQuery(expr: string): boolean {
  return Boolean(logql.parse(expr).topNode.getChild('Expr')?.getChild('MetricExpr'));
}

/** A group of one name in two files, or in a file of Mantis, would be hard to tell apart. */
function repeatedGroups(files: readonly CheckedRules[], ownGroups: readonly string[]): string[] {
  const otherUser = firstUsers(ownGroups);
  return files.flatMap(({ value, file, mistake }) =>
    (value?.groups ?? []).flatMap(({ name }, index) => {
      const other = otherUser(name, file);
      const message = `group ${name}: wanted another name, because ${other} has a group of this name`;
      return other === undefined ? [] : [mistake(['groups', index, 'name'], message)];
    }),
  );
}
