import { logAlerts, metricAlerts } from '../alerts/index.ts';
import type { AlertRule } from '../alerts/rule.ts';
import { settingsSchema } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { markdownTable } from './markdown-table.ts';

const settings = settingsSchema.parse({ clusterView: { enabled: true } });

/** Every alert with what it says, as it is installed. */
export function alertTable(): string {
  const rows = [...metricAlerts(settings), ...logAlerts(settings)].map(alertRow);
  return markdownTable(['alert', 'severity', 'for', 'it says', 'where it is seen'], rows);
}

function alertRow({ alert, severity, for: lasting, summary, dashboard, panel }: AlertRule) {
  const place = typeof panel === 'string' ? panel : [...new Set(Object.values(panel))].join(', ');
  return [
    `[${alert}](runbooks/${alert}.md)`,
    severity.startsWith('{{') ? 'as asked for' : severity,
    lasting === undefined ? 'at once' : written(lasting),
    summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*'),
    `${dashboard}: ${place}`,
  ];
}
