import { renderYaml } from '../lib/config-file.ts';

/** An alert, as Prometheus and Loki's ruler take it; each has a page in docs/runbooks/. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold before it fires. */
  readonly for?: `${number}${'s' | 'm' | 'h'}`;
  readonly severity: 'critical' | 'warning' | 'info' | 'none';
  /** One line, for a notification's title. */
  readonly summary: string;
  /** What is wrong and since when, with the values. */
  readonly description: string;
}

/** One rule file: a group of alerts of one concern. */
export function ruleFile(group: string, rules: readonly AlertRule[]): string {
  return renderYaml({ groups: [{ name: group, rules: rules.map(rule) }] });
}

function rule({ severity, summary, description, ...rest }: AlertRule) {
  return {
    ...rest,
    labels: { severity },
    annotations: { summary, description, runbook_url: runbook(rest.alert) },
  };
}

/** The page in this repository that says what to do. */
export function runbook(alert: string): string {
  return `docs/runbooks/${alert}.md`;
}
