import type { ConfigFiles } from '../lib/model/config-file.ts';
import type { Settings } from '../lib/schema.ts';
import { appRules, appRulesSource } from './app.ts';
import { cardinalityRules, cardinalityRulesSource } from './cardinality.ts';
import { clusterRules, clusterRulesSource } from './cluster.ts';
import { discardRulesSource } from './discards.ts';
import { logCountRules, logRules, logRulesSource } from './logs.ts';
import { pipelineRules, pipelineRulesSource } from './pipeline.ts';
import { type AlertRule, isAlert, type RuleGroup, ruleFile } from './rule.ts';
import { sloRules, sloRulesSource } from './slo.ts';
import { stackRules, stackRulesSource } from './stack.ts';
import { workloadRulesSource } from './workloads.ts';

export { inhibitRules, inhibitRulesSource } from './inhibition.ts';
export { ownRuleFiles, type RuleLanguage } from './own/own-rules.ts';
export type { OwnAlert, OwnRecordingRule, OwnRuleGroup } from './own/rule-file.ts';
export type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';

/** The groups of one rule file, and the source files that they are written in. */
interface RuleFile {
  readonly name: string;
  readonly groups: readonly RuleGroup[];
  readonly sources: readonly string[];
}

function prometheusRules(settings: Settings): RuleFile[] {
  const files = [
    { name: 'app.yaml', groups: appRules(settings), sources: [appRulesSource] },
    { name: 'slo.yaml', groups: sloRules(settings), sources: [sloRulesSource] },
    { name: 'logs.yaml', groups: logCountRules(settings), sources: [logRulesSource] },
    { name: 'pipeline.yaml', groups: pipelineRules(settings), sources: [pipelineRulesSource] },
    {
      name: 'stack.yaml',
      groups: stackRules(settings),
      sources: [stackRulesSource, discardRulesSource],
    },
    {
      name: 'cardinality.yaml',
      groups: cardinalityRules(settings),
      sources: [cardinalityRulesSource],
    },
  ];
  if (!settings.clusterView.enabled) return files;
  return [
    ...files,
    {
      name: 'cluster.yaml',
      groups: clusterRules(settings),
      sources: [clusterRulesSource, workloadRulesSource],
    },
  ];
}

/** Rule files for Prometheus. */
export function prometheusRuleFiles(settings: Settings): ConfigFiles {
  return render(prometheusRules(settings), settings);
}

/** Rule files for Loki's ruler. */
export function lokiRuleFiles(settings: Settings): ConfigFiles {
  const file = { name: 'logs.yaml', groups: logRules(settings), sources: [logRulesSource] };
  return render([file], settings);
}

/** The names of the groups of Prometheus. */
export function prometheusGroupNames(settings: Settings): string[] {
  return prometheusRules(settings).flatMap(({ groups }) => groups.map(({ name }) => name));
}

/** The names of the groups of Loki's ruler. */
export function lokiGroupNames(settings: Settings): string[] {
  return logRules(settings).map(({ name }) => name);
}

/** The alerts of Prometheus. */
export function metricAlerts(settings: Settings): AlertRule[] {
  return alertsOf(prometheusRules(settings).flatMap(({ groups }) => groups));
}

/** The alerts of Loki's ruler. */
export function logAlerts(settings: Settings): AlertRule[] {
  return alertsOf(logRules(settings));
}

function alertsOf(groups: readonly RuleGroup[]): AlertRule[] {
  return groups.flatMap(({ rules }) => rules.filter(isAlert));
}

function render(files: readonly RuleFile[], settings: Settings): ConfigFiles {
  return {
    files: Object.fromEntries(files.map(({ name, groups }) => [name, ruleFile(groups, settings)])),
    sources: files.flatMap(({ sources }) => sources),
  };
}
