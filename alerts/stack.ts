import { collectorMetrics } from '../lib/telemetry.ts';
import type { AlertRule } from './rule.ts';

const { queueSize, queueCapacity } = collectorMetrics;

/** Alerts about the stack itself, on metrics. */
export const stackAlerts: readonly AlertRule[] = [
  {
    alert: 'Watchdog',
    expr: 'vector(1)',
    severity: 'none',
    summary: 'Alerting works',
    description: 'Fires always. If it stops, alerts no longer reach whoever should hear of them.',
  },
  {
    alert: 'TargetDown',
    expr: 'up == 0',
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.job }} cannot be scraped',
    description: 'Prometheus has had no answer from {{ $labels.instance }} for 2 minutes.',
  },
  {
    alert: 'CollectorQueueFilling',
    expr: `${queueSize} / ${queueCapacity} > 0.8`,
    for: '2m',
    severity: 'warning',
    summary: 'Telemetry waits for {{ $labels.exporter }}',
    description:
      'The queue of {{ $labels.exporter }} on {{ $labels.instance }} is {{ $value | humanizePercentage }} full. When it is full, senders have to wait.',
  },
];
