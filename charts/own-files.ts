import { lokiGroupNames, prometheusGroupNames } from '../alerts/index.ts';
import { ownRules } from '../alerts/own/own-rules.ts';
import { ownDashboards } from '../dashboards/own.ts';
import { ownTemplates } from '../lib/alertmanager/own-templates.ts';
import { ownDatasources } from '../lib/grafana/own-datasources.ts';
import type { Settings } from '../lib/schema.ts';
import { SettingsError } from '../lib/settings/error.ts';

/**
 * The user's own rules, dashboards and data sources.
 *
 * @throws SettingsError with a line for each mistake in a file
 */
export function ownFiles(settings: Settings) {
  const { prometheus, loki, grafana, alertmanager } = settings;
  const metricRules = ownRules(prometheus.rules.files, 'PromQL', prometheusGroupNames(settings));
  const logRules = ownRules(loki.rules.files, 'LogQL', lokiGroupNames(settings));
  const dashboards = ownDashboards(grafana.dashboards.files);
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
