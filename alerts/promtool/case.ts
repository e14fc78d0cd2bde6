import { identityVariables } from '../../dashboards/panels/variables.ts';
import { dashboardUids } from '../../lib/model/uids.ts';
import { settingsOf, withEverything } from '../../test/synthesized.ts';
import { metricAlerts } from '../index.ts';
import { panelPath } from '../panel.ts';
import { runbookPath } from '../rule.ts';

/**
 * A test of `promtool test rules`: input series, and the alerts that are expected at some times.
 */
export interface RuleTest {
  readonly interval: string;
  readonly input_series: readonly Series[];
  readonly alert_rule_test?: readonly RuleCase[];
  readonly promql_expr_test?: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** Values as in https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

export interface RuleCase {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

const settings = settingsOf(withEverything);
const alerts = metricAlerts(settings);

/** A test with samples every 15 s. */
export function ruleTest(
  input: Readonly<Record<string, string>>,
  cases: readonly RuleCase[],
): RuleTest {
  return { interval: '15s', input_series: seriesOf(input), alert_rule_test: cases };
}

export function seriesOf(input: Readonly<Record<string, string>>): Series[] {
  return Object.entries(input).map(([series, values]) => ({ series, values }));
}

export function silent(alertname: string, at: string): RuleCase {
  return { eval_time: at, alertname, exp_alerts: [] };
}

/** What the template of the link results in. */
function parameters(service: string, labels: Readonly<Record<string, string>>): string {
  const others = Object.entries(identityVariables).flatMap(([variable, name]) =>
    labels[name] === undefined ? [] : [`&var-${variable}=${labels[name]}`],
  );
  return `var-service=${service}${others.join('')}`;
}

interface Firing {
  /** The labels of the query; the labels of the rule are added. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly severity?: string;
  readonly component?: string;
  readonly summary: string;
  readonly description: string;
}

export function fires(alertname: string, at: string, ...firing: readonly Firing[]): RuleCase {
  const rule = alerts.find(({ alert }) => alert === alertname);
  if (rule === undefined) throw new Error(`no alert ${alertname}`);
  const exp_alerts = firing.map(({ labels = {}, severity, component, ...texts }) => {
    const service = rule.serviceLabel && labels[rule.serviceLabel];
    const { dashboard, panel } = rule;
    const title = typeof panel === 'string' ? panel : panel[labels.job ?? ''];
    // The result of the template for a job that has no panel.
    const path =
      title === undefined
        ? `/d/${dashboardUids[dashboard]}?`
        : panelPath(dashboard, title, service ? parameters(service, labels) : undefined);
    return {
      exp_labels: {
        ...labels,
        ...(service && { service }),
        severity: severity ?? rule.severity,
        component: component ?? rule.component,
      },
      exp_annotations: {
        ...texts,
        runbook_url: runbookPath(alertname),
        dashboard_url: `${settings.grafana.url}${path}`,
      },
    };
  });
  return { eval_time: at, alertname, exp_alerts };
}
