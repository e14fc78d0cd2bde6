import type { Duration } from 'cdk8s';
import { renderYaml } from '../lib/model/config-file.ts';
import type { Settings } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { type DashboardName, panelPath } from './panel.ts';

/** An alert, as Prometheus and Loki's ruler take it; each has a page in docs/runbooks/. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold before it fires. @default - it fires at once */
  readonly for?: Duration;
  /** May be a template, for an alert whose sender says it. */
  readonly severity: 'critical' | 'warning' | 'none' | `{{ ${string} }}`;
  /** The part of the system that it is about; may be a template. */
  readonly component: string;
  /** The label of the query that holds the service, where there is one. */
  readonly serviceLabel?: 'service' | 'service_name';
  /** One line, for a notification's title. */
  readonly summary: string;
  /** What is wrong and since when, with the values. */
  readonly description: string;
  /** The dashboard to look at first. */
  readonly dashboard: DashboardName;
  /** The title of its panel that shows it, which may be another one for each job. */
  readonly panel: string | Readonly<Record<string, string>>;
}

/** A query whose result is kept as a metric of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that are evaluated together, one after the other. */
export interface RuleGroup {
  readonly name: string;
  /** How often. @default - as the one who evaluates it is configured */
  readonly interval?: Duration;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

export function isAlert(rule: AlertRule | RecordingRule): rule is AlertRule {
  return 'alert' in rule;
}

/** One rule file. */
export function ruleFile(groups: readonly RuleGroup[], settings: Settings): string {
  return renderYaml({
    groups: groups.map(({ name, interval, rules }) => ({
      name,
      ...(interval && { interval: written(interval) }),
      rules: rules.map((rule) => (isAlert(rule) ? alertingRule(rule, settings) : rule)),
    })),
  });
}

function alertingRule(rule: AlertRule, settings: Settings) {
  const { alert, expr, severity, component, serviceLabel, summary, description } = rule;
  const service = serviceLabel && `{{ $labels.${serviceLabel} }}`;
  return {
    alert,
    expr,
    ...(rule.for && { for: written(rule.for) }),
    labels: { severity, component, ...(serviceLabel === 'service_name' && { service }) },
    annotations: {
      summary,
      description,
      runbook_url: `${settings.alerts.runbooks}/${alert}.md`,
      dashboard_url: `${settings.grafana.url}${panelPath(rule.dashboard, rule.panel, service)}`,
    },
  };
}

/** The page in this repository that says what to do. */
export function runbook(alert: string): string {
  return `docs/runbooks/${alert}.md`;
}
