import type { Settings } from '../lib/schema.ts';
import { appRules } from './app.ts';
import { clusterRules } from './cluster.ts';
import { logRules } from './logs.ts';
import { pipelineRules } from './pipeline.ts';
import { type AlertRule, isAlert, type RuleGroup, ruleFile } from './rule.ts';
import { sloRules } from './slo.ts';
import { stackRules } from './stack.ts';

export { inhibitRules } from './inhibition.ts';

/** What Prometheus evaluates, by file. */
function prometheusRules(settings: Settings): Record<string, RuleGroup[]> {
  return {
    'app.yaml': appRules(settings),
    'slo.yaml': sloRules(settings),
    'pipeline.yaml': pipelineRules(settings),
    'stack.yaml': stackRules(settings),
    ...(settings.clusterView.enabled && { 'cluster.yaml': clusterRules(settings) }),
  };
}

/** Rule files for Prometheus, by file name. */
export function prometheusRuleFiles(settings: Settings): Record<string, string> {
  return files(prometheusRules(settings), settings);
}

/** Rule files for Loki's ruler, by file name. */
export function lokiRuleFiles(settings: Settings): Record<string, string> {
  return files({ 'logs.yaml': logRules(settings) }, settings);
}

/** The alerts of Prometheus. */
export function metricAlerts(settings: Settings): AlertRule[] {
  return alertsOf(Object.values(prometheusRules(settings)).flat());
}

/** The alerts of Loki's ruler. */
export function logAlerts(settings: Settings): AlertRule[] {
  return alertsOf(logRules(settings));
}

function alertsOf(groups: readonly RuleGroup[]): AlertRule[] {
  return groups.flatMap(({ rules }) => rules.filter(isAlert));
}

function files(rules: Record<string, RuleGroup[]>, settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rules).map(([file, groups]) => [file, ruleFile(groups, settings)]),
  );
}
