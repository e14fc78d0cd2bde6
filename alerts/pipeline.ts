import type { Settings } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { collectorFailures, collectorMetrics } from '../lib/telemetry/collector.ts';
import { label } from '../lib/telemetry/metric.ts';
import { targetInfo } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { anyOf, increased, renamed } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

const { queueSize, queueCapacity, sentSpans, sentMetricPoints, sentLogRecords } = collectorMetrics;
const { refused, sendFailed, enqueueFailed } = collectorFailures;

/** Alerts about the way of telemetry: from apps through the collector into the stores. */
export function pipelineRules(settings: Settings): RuleGroup[] {
  return [{ name: 'pipeline', rules: [...collectorAlerts(settings), serviceSilent(settings)] }];
}

function collectorAlerts({ alerts }: Settings): AlertRule[] {
  const window = written(alerts.window);
  const common = { component: 'otel-collector', dashboard: 'collector' } as const;
  const lost = { send: sendFailed, enqueue: enqueueFailed };
  const sent = [sentSpans, sentMetricPoints, sentLogRecords].map(
    (metric) => `rate(${metric}[${window}]) > 0`,
  );
  return [
    {
      ...common,
      alert: 'CollectorRefusing',
      panel: 'Refused or failed',
      expr: `sum by (instance, signal) (${anyOf(
        'signal',
        each(refused, (metric) => `rate(${metric}[${window}])`),
      )}) > 0`,
      for: alerts.stackFor,
      severity: 'critical',
      summary: 'The collector refuses {{ $labels.signal }}',
      description:
        'The collector sends {{ printf "%.2f" $value }} items of {{ $labels.signal }} per second back to their senders, which drop them sooner or later.',
    },
    {
      ...common,
      alert: 'CollectorDropping',
      panel: 'Lost',
      expr: `sum by (instance, exporter, signal) (${Object.values(lost)
        .map((counters) =>
          anyOf(
            'signal',
            each(counters, (metric) => increased(metric, alerts.window)),
          ),
        )
        .join(' or ')}) > 0`,
      severity: 'critical',
      summary: 'The collector has given up {{ $labels.signal }} for {{ $labels.exporter }}',
      description: `{{ $value | humanize }} items of {{ $labels.signal }} for {{ $labels.exporter }} were lost within ${window}.`,
    },
    {
      ...common,
      alert: 'CollectorExportFailing',
      panel: 'Queues',
      expr: `min_over_time(${queueSize}[${window}]) > 0 unless on (instance, exporter) (${sent.join(' or ')})`,
      for: alerts.stackFor,
      severity: 'critical',
      summary: 'Nothing gets through to {{ $labels.exporter }}',
      description: `The collector has sent nothing to {{ $labels.exporter }} for ${window}, while {{ $value | humanize1024 }}B wait in its queue.`,
    },
    {
      ...common,
      alert: 'CollectorQueueFilling',
      panel: 'Queues',
      expr: `${queueSize} / ${queueCapacity} > ${alerts.queue}`,
      for: alerts.stackFor,
      severity: 'warning',
      summary: 'Telemetry waits for {{ $labels.exporter }}',
      description:
        'The queue of {{ $labels.exporter }} on {{ $labels.instance }} is {{ $value | humanizePercentage }} full. When it is full, senders have to wait.',
    },
  ];
}

const [service, namespace, container] = [
  attributes.serviceName,
  attributes.k8sNamespaceName,
  attributes.k8sContainerName,
].map(label);

/**
 * Pushed metrics have no `up`. A container that has pushed within the last hour, runs, and pushes
 * nothing now has lost its way to us; one that is gone has ended.
 */
function serviceSilent({ alerts }: Settings): AlertRule {
  const pushed = (range: string) =>
    `group by (${service}, ${namespace}, ${container}) (last_over_time(${targetInfo}{${container}!=""}[${range}]))`;
  const running = renamed(
    renamed(
      `group by (namespace, container) (${stackMetrics.containerMemory}{container!=""})`,
      'namespace',
      `${namespace}`,
    ),
    'container',
    `${container}`,
  );
  const silence = written(alerts.silence);
  // An app that had nobody to send to speaks again when its SDK tries again.
  const away = `min_over_time(up{job="otel-collector"}[${silence}]) == 0`;
  return {
    alert: 'ServiceSilent',
    expr: `${pushed('1h')} and on (${namespace}, ${container}) ${running} unless on (${service}, ${namespace}, ${container}) ${pushed(silence)} unless on () ${away}`,
    for: alerts.stackFor,
    severity: 'warning',
    component: 'app',
    serviceLabel: 'service_name',
    summary: 'No telemetry comes from {{ $labels.service_name }}',
    description: `Container {{ $labels.${container} }} in namespace {{ $labels.${namespace} }} runs, but for ${silence} no metrics of {{ $labels.service_name }} have come.`,
    dashboard: 'collector',
    panel: 'Delay from app to Prometheus',
  };
}

type BySignal = (typeof collectorFailures)[keyof typeof collectorFailures];

function each(metrics: BySignal, query: (metric: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metrics).map(([signal, metric]) => [signal, query(metric)]),
  );
}
