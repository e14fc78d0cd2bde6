import { logAlerts } from './logs.ts';
import { ruleFile } from './rule.ts';
import { stackAlerts } from './stack.ts';

/** Rule files for Prometheus, by file name. */
export const prometheusRuleFiles = { 'stack.yaml': ruleFile('stack', stackAlerts) };

/** Rule files for Loki's ruler, by file name. */
export const lokiRuleFiles = { 'logs.yaml': ruleFile('logs', logAlerts) };
