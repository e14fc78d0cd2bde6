import { lokiGroupNames, prometheusGroupNames } from '../alerts/index.ts';
import { ownRules } from '../alerts/own/own-rules.ts';
import type { OwnRuleGroup } from '../alerts/own/rule-file.ts';
import { type OwnDashboardModel, ownDashboards } from '../dashboards/own.ts';
import { ownTemplates } from '../lib/alertmanager/own-templates.ts';
import { ownDatasources } from '../lib/grafana/own-datasources.ts';
import type { Settings } from '../lib/schema.ts';
import { SettingsError } from '../lib/settings/error.ts';

/** The user's own rules and dashboards that are given in code. */
export interface Own {
  readonly rules?: readonly OwnRuleGroup[];
  readonly lokiRules?: readonly OwnRuleGroup[];
  readonly dashboards?: readonly OwnDashboardModel[];
}

/**
 * The user's own rules, dashboards and data sources, of files and in code.
 *
 * @throws SettingsError with a line for each mistake
 */
export function ownFiles(settings: Settings, inCode: Own = {}) {
  const { prometheus, loki, grafana, alertmanager } = settings;
  const metricRules = ownRules(
    'PromQL',
    { files: prometheus.rules.files, groups: inCode.rules },
    prometheusGroupNames(settings),
  );
  const logRules = ownRules(
    'LogQL',
    { files: loki.rules.files, groups: inCode.lokiRules },
    lokiGroupNames(settings),
  );
  const dashboards = ownDashboards(grafana.dashboards.files, inCode.dashboards);
  const datasources = ownDatasources(grafana.datasources.files, {
    secret: grafana.secret,
    isolated: settings.networkPolicies && grafana.egress.length === 0,
  });
  const templates = ownTemplates(alertmanager.templates.files);
  const mistakes = [metricRules, logRules, dashboards, datasources, templates].flatMap(
    (each) => each.mistakes,
  );
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
  return {
    prometheusRules: metricRules.files,
    lokiRules: logRules.files,
    dashboards: dashboards.dashboards,
    datasources,
    alertmanagerTemplates: templates.templates,
  };
}
