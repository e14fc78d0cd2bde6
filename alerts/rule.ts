import type { Duration } from 'cdk8s';
import { renderYaml } from '../lib/model/config-file.ts';
import { isEnabled, isService } from '../lib/model/parts.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import type { ServiceLabel } from '../lib/telemetry/identity.ts';
import { type DashboardName, panelPath } from './panel.ts';
import { serviceParameters } from './service.ts';

/** An alerting rule of Prometheus or Loki's ruler; each has a runbook in docs/runbooks/. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** Pending period. @default - it fires immediately */
  readonly for?: Duration;
  /** May be a template, for an alert whose severity is a label. */
  readonly severity: 'critical' | 'warning' | 'none' | `{{ ${string} }}`;
  /** Value of the label `component`: the affected part of the system. May be a template. */
  readonly component: string;
  /** The label of the query with the name of the service. @default - none */
  readonly serviceLabel?: ServiceLabel;
  /** Title of the notification. */
  readonly summary: string;
  /** What is wrong and since when, with values. */
  readonly description: string;
  /** The dashboard that the notification links to. */
  readonly dashboard: DashboardName;
  /**
   * The title of the panel that the notification links to, or the title for each value of the label
   * `job`.
   */
  readonly panel: string | Readonly<Record<string, string>>;
}

/** A rule whose result is stored as a metric. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that are evaluated sequentially. */
export interface RuleGroup {
  readonly name: string;
  /** Evaluation interval. @default - the one of Prometheus or the ruler */
  readonly interval?: Duration;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

export function isAlert(rule: AlertRule | RecordingRule): rule is AlertRule {
  return 'alert' in rule;
}

/** Renders a rule file. */
export function ruleFile(groups: readonly RuleGroup[], settings: Settings): string {
  return renderYaml({
    groups: groups.map(({ name, interval, rules }) => ({
      name,
      ...(interval && { interval: formatDuration(interval) }),
      rules: rules.map((rule) => (isAlert(rule) ? alertingRule(rule, settings) : rule)),
    })),
  });
}

function alertingRule(rule: AlertRule, settings: Settings) {
  const { alert, expr, severity, component, serviceLabel, summary, description } = rule;
  const service = `{{ $labels.${serviceLabel} }}`;
  const parameters = serviceLabel && serviceParameters(serviceLabel);
  return {
    alert,
    expr,
    ...(rule.for && { for: formatDuration(rule.for) }),
    labels: { severity, component, ...(serviceLabel === 'service_name' && { service }) },
    annotations: {
      summary,
      description,
      runbook_url: `${settings.alerts.runbooks}/${alert}.md`,
      dashboard_url: `${settings.grafana.url}${panelPath(rule.dashboard, deployedPanels(rule.panel, settings), parameters)}`,
    },
  };
}

/** The panels without those of jobs that are not deployed, which their dashboard lacks. */
function deployedPanels(panel: AlertRule['panel'], settings: Settings): AlertRule['panel'] {
  if (typeof panel === 'string') return panel;
  const jobs = Object.entries(panel).filter(([job]) => !isService(job) || isEnabled(job, settings));
  return Object.fromEntries(jobs);
}

/** Path of the runbook of an alert. */
export function runbookPath(alert: string): string {
  return `docs/runbooks/${alert}.md`;
}
