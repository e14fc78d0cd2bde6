import { parser as logql } from '@grafana/lezer-logql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { type NamedConfigFiles, renderYaml } from '../../lib/model/config-file.ts';
import { syntaxErrors } from '../../lib/model/query-syntax.ts';
import {
  type CheckedFile,
  checkFile,
  checkNames,
  checkValue,
  firstUsers,
} from '../../lib/own-files/check-file.ts';
import { isRuleTest, type OwnFile, slug } from '../../lib/own-files/own-files.ts';
import { asWritten } from '../../lib/settings/as-written.ts';
import { SettingsError } from '../../lib/settings/error.ts';
import { type OwnRuleGroup, ruleFileSchema } from './rule-file.ts';

export type RuleLanguage = 'PromQL' | 'LogQL';

/** The user's rule files, for a ConfigMap each, and the mistakes in them. */
export interface OwnRules {
  readonly files: readonly NamedConfigFiles[];
  readonly mistakes: readonly string[];
}

/** The user's rules. */
export interface RuleSources {
  readonly files: readonly OwnFile[];
  /** Groups that are given in code, for a file each. @default - none */
  readonly groups?: readonly OwnRuleGroup[];
}

/**
 * Checks the user's rules. Types of queries, such as `rate(up)`, and the functions in templates are left
 * to promtool (`make validate`).
 *
 * @param ownGroups the names of Mantis' own groups
 */
export function ownRules(
  language: RuleLanguage,
  { files: all, groups = [] }: RuleSources,
  ownGroups: readonly string[],
): OwnRules {
  const checked = [
    ...all.filter((file) => !isRuleTest(file)).map((file) => checkFile(file, ruleFileSchema)),
    ...groups.map((group) => checkGroup(group, language)),
  ];
  const files = checked.map(({ file }) => file);
  return {
    files: files.map(({ path, text, source = path }) => {
      const name = slug(path);
      return { name, files: { [`own-${name}.yaml`]: text }, sources: [source] };
    }),
    mistakes: [
      ...checkNames(files, slug),
      ...checked.flatMap(({ mistakes }) => mistakes),
      ...checked.flatMap((file) => queryMistakes(file, language)),
      ...repeatedGroups(checked, ownGroups),
    ],
  };
}

/**
 * Rule files for a Prometheus or Loki that stands alone.
 *
 * @throws SettingsError with a line for each mistake, with group and rule
 */
export function ownRuleFiles(
  language: RuleLanguage,
  groups: readonly OwnRuleGroup[],
): readonly NamedConfigFiles[] {
  const { files, mistakes } = ownRules(language, { files: [], groups }, []);
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
  return files;
}

/** The file of a group that is given in code. */
function checkGroup(group: OwnRuleGroup, language: RuleLanguage): CheckedRules {
  const content = { groups: [asWritten(group)] };
  const source = `${language === 'PromQL' ? 'rules' : 'lokiRules'}: group ${group.name}`;
  const file = { path: `${group.name}.yaml`, text: renderYaml(content), source };
  return checkValue(file, content, ruleFileSchema, 2);
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
