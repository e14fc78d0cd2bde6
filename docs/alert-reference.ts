import { logAlerts, metricAlerts } from '../alerts/index.ts';
import type { AlertRule } from '../alerts/rule.ts';
import { allDashboards } from '../dashboards/index.ts';
import { dashboardUids } from '../lib/model/uids.ts';
import { settingsSchema } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { markdownTable } from './markdown-table.ts';

const settings = settingsSchema.parse({
  clusterView: { enabled: true },
  backup: { schedule: '@daily', url: 's3://backups', secret: 'backup', egress: [{ port: 443 }] },
});

/** A table of all alerts with the default settings. */
export function alertTable(): string {
  const rows = [...metricAlerts(settings), ...logAlerts(settings)].map(alertRow);
  return markdownTable(
    ['Alert', 'Severity', 'Pending period', 'Summary', 'Dashboard: panel'],
    rows,
  );
}

function alertRow({ alert, severity, for: pending, summary, dashboard, panel }: AlertRule) {
  const panels = typeof panel === 'string' ? panel : [...new Set(Object.values(panel))].join(', ');
  return [
    `[${alert}](runbooks/${alert}.md)`,
    severity.startsWith('{{') ? 'as requested' : severity,
    pending === undefined ? 'none' : formatDuration(pending),
    summary
      // Only in the text of an alert that has the label.
      .replace(/\{\{ with .*?\{\{ end \}\}/g, '')
      .replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*')
      .replace(/\{\{ if .*?\}\}(.*?)\{\{ else \}\}(.*?)\{\{ end \}\}/g, '$1 or $2'),
    `${titleOf(dashboard)}: ${panels}`,
  ];
}

function titleOf(name: AlertRule['dashboard']): string {
  return allDashboards.find(({ uid }) => uid === dashboardUids[name])?.title ?? name;
}
