import { attributes, label, logFields } from '../lib/telemetry.ts';
import type { AlertRule } from './rule.ts';

const service = label(attributes.serviceName);

/** Alerts on logs, evaluated by Loki's ruler. */
export const logAlerts: readonly AlertRule[] = [
  {
    alert: 'ErrorLogBurst',
    expr: `sum by (${service}) (count_over_time({${service}=~".+"} | ${logFields.detectedLevel}=~"error|critical|fatal" [5m])) > 100`,
    for: '1m',
    severity: 'warning',
    summary: '{{ $labels.service_name }} logs many errors',
    description: '{{ $labels.service_name }} logged {{ $value }} errors within 5 minutes.',
  },
];
