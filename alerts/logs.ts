import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { logFields } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { service, serviceTitle } from './service.ts';

export const logRulesSource = sourceFile(import.meta.filename);

const name = label(attributes.serviceName);
const title = serviceTitle('service_name');

/** Alerts on logs, evaluated by Loki's ruler. */
export function logRules({ alerts }: Settings): RuleGroup[] {
  const perMinute = (filter: string) =>
    `sum by (${service('service_name')}) (rate({${name}=~".+"}${filter} [${formatDuration(alerts.window)}])) * 60`;
  const common = {
    severity: 'warning',
    component: 'app',
    serviceLabel: 'service_name',
    dashboard: 'logs',
  } as const;
  const rules: AlertRule[] = [
    {
      ...common,
      alert: 'ErrorLogBurst',
      panel: 'Errors now and before',
      expr: `${perMinute(` | ${logFields.detectedLevel}=~"error|critical|fatal"`)} > ${alerts.errorLinesPerMinute}`,
      for: alerts.stackPending,
      summary: `${title} logs many errors`,
      description: `${title} logs {{ $value | humanize }} errors a minute.`,
    },
    {
      ...common,
      alert: 'HighLogVolume',
      panel: 'Lines by service',
      expr: `${perMinute('')} > ${alerts.logLinesPerMinute}`,
      for: alerts.stackPending,
      summary: `${title} logs too much`,
      description: `${title} logs {{ $value | humanize }} lines a minute.`,
    },
    {
      alert: 'CollectorQueueDamaged',
      panel: 'Lines by service',
      // Its own report (lib/collector/queue-check/); there is a line for each damaged file.
      expr: `sum by (${name}) (count_over_time({${name}="otel-collector"} |= "was damaged" [${formatDuration(alerts.window)}])) > 0`,
      severity: 'critical',
      component: 'otel-collector',
      dashboard: 'logs',
      summary: 'A queue of the collector was damaged',
      description: `When the collector started, {{ $value }} of its queue files were damaged. Telemetry that waited in them was not sent; the files were renamed.`,
    },
  ];
  return [{ name: 'logs', rules }];
}
