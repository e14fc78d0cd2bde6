import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import {
  logCountDelay,
  logCountInterval,
  logCounts,
  maxEndpointCounts,
} from '../lib/telemetry/log-counts.ts';
import { errorLevels, logFields } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';
import { service, serviceTitle } from './service.ts';

export const logRulesSource = sourceFile(import.meta.filename);

const name = label(attributes.serviceName);
const title = serviceTitle('service_name');
const byService = service('service_name');
const { detectedLevel } = logFields;
const [route, status, errorType] = [
  label(attributes.httpRoute),
  label(attributes.httpResponseStatusCode),
  label(attributes.errorType),
];

/** Rules of Loki's ruler: each reads every line once, when it has just arrived. */
export function logRules({ alerts }: Settings): RuleGroup[] {
  const lines = (filter: string) =>
    `count_over_time({${name}=~".+"}${filter} [${formatDuration(logCountInterval)}] offset ${formatDuration(logCountDelay)})`;
  const counts: RecordingRule[] = [
    {
      record: logCounts.byService,
      expr: `sum by (${byService}, ${detectedLevel}) (${lines('')})`,
    },
    {
      record: logCounts.byEndpoint,
      // The limit keeps a service with ids in its routes from having a series for each. It is by
      // level, because errors are fewer than other lines.
      expr: `topk by (${byService}, ${detectedLevel}) (${maxEndpointCounts}, sum by (${byService}, ${detectedLevel}, ${route}, ${status}, ${errorType}) (${lines(` | ${route}!="" or ${errorType}!=""`)}))`,
    },
  ];
  const queueDamaged: AlertRule = {
    alert: 'CollectorQueueDamaged',
    panel: 'Lines by service',
    // Its own report (lib/collector/queue-check/); there is a line for each damaged file.
    expr: `sum by (${name}) (count_over_time({${name}="otel-collector"} |= "was damaged" [${formatDuration(alerts.window)}])) > 0`,
    severity: 'critical',
    component: 'otel-collector',
    dashboard: 'logs',
    summary: 'A queue of the collector was damaged',
    description: `When the collector started, {{ $value }} of its queue files were damaged. Telemetry that waited in them was not sent; the files were renamed.`,
  };
  return [
    { name: 'log-lines', interval: logCountInterval, rules: counts },
    { name: 'logs', rules: [queueDamaged] },
  ];
}

/** Alerts of Prometheus on the number of log lines. */
export function logCountRules({ alerts }: Settings): RuleGroup[] {
  const perMinute = (selector: string) =>
    `sum by (${byService}) (sum_over_time(${logCounts.byService}${selector}[${formatDuration(alerts.window)}])) / ${alerts.window.toMinutes({ integral: false })}`;
  const common = {
    severity: 'warning',
    component: 'app',
    serviceLabel: 'service_name',
    dashboard: 'logs',
    for: alerts.stackPending,
  } as const;
  const rules: AlertRule[] = [
    {
      ...common,
      alert: 'ErrorLogBurst',
      panel: 'Errors now and before',
      expr: `${perMinute(`{${detectedLevel}=~"${errorLevels}"}`)} > ${alerts.errorLinesPerMinute}`,
      summary: `${title} logs many errors`,
      description: `${title} logs {{ $value | humanize }} errors a minute.`,
    },
    {
      ...common,
      alert: 'HighLogVolume',
      panel: 'Lines by service',
      expr: `${perMinute('')} > ${alerts.logLinesPerMinute}`,
      summary: `${title} logs too much`,
      description: `${title} logs {{ $value | humanize }} lines a minute.`,
    },
  ];
  return [{ name: 'log-counts', rules }];
}
