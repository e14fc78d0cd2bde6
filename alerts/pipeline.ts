import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import {
  collectorFailures,
  collectorMetrics,
  forwardExporters,
} from '../lib/telemetry/collector.ts';
import { label } from '../lib/telemetry/metric.ts';
import { targetInfo } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { increased, ownSeries, renameLabel, unionByLabel } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { service, serviceTitle } from './service.ts';

export const pipelineRulesSource = sourceFile(import.meta.filename);

const { sentSpans, sentMetricPoints, sentLogRecords } = collectorMetrics;
/** The exporters to the stores, and those of collector.forward. */
const exporters = {
  stores: `exporter!~"${forwardExporters}"`,
  forward: `exporter=~"${forwardExporters}"`,
} as const;
const queueSize = ownSeries(collectorMetrics.queueSize, exporters.stores);
const queueCapacity = ownSeries(collectorMetrics.queueCapacity, exporters.stores);
const { refused, sendFailed, enqueueFailed } = collectorFailures;

/** Alerts on the telemetry pipeline from apps through the collector to the stores. */
export function pipelineRules(settings: Settings): RuleGroup[] {
  return [
    {
      name: 'pipeline',
      rules: [
        ...collectorAlerts(settings),
        ...remoteWriteAlerts(settings),
        serviceSilent(settings),
      ],
    },
  ];
}

function collectorAlerts({ alerts }: Settings): AlertRule[] {
  const window = formatDuration(alerts.window);
  const common = { component: 'otel-collector', dashboard: 'collector' } as const;
  const lost = { send: sendFailed, enqueue: enqueueFailed };
  const sent = [sentSpans, sentMetricPoints, sentLogRecords].map(
    (metric) => `rate(${ownSeries(metric)}[${window}]) > 0`,
  );
  // The label `counter` keeps apart items of one signal that were lost for different reasons.
  const lostFor = (selected: string) =>
    `sum by (instance, exporter, signal) (${unionByLabel(
      'counter',
      Object.fromEntries(
        Object.entries(lost).map(([name, counters]) => [
          name,
          unionByLabel(
            'signal',
            mapCounters(counters, (metric) =>
              increased(ownSeries(metric, selected), alerts.window),
            ),
          ),
        ]),
      ),
    )}) > 0`;
  const waiting = (...selected: string[]) =>
    `min_over_time(${ownSeries(collectorMetrics.queueSize, ...selected)}[${window}]) > 0`;
  // A destination has one exporter for all signals, a store one for its own.
  const notForwarded = Object.entries({
    traces: sentSpans,
    metrics: sentMetricPoints,
    logs: sentLogRecords,
  }).map(
    ([type, metric]) =>
      `(${waiting(exporters.forward, `data_type="${type}"`)} unless on (instance, exporter) rate(${ownSeries(metric)}[${window}]) > 0)`,
  );
  return [
    {
      ...common,
      alert: 'CollectorRefusing',
      panel: 'Refused or failed',
      expr: `sum by (instance, signal) (${unionByLabel(
        'signal',
        mapCounters(refused, (metric) => `rate(${ownSeries(metric)}[${window}])`),
      )}) > 0`,
      for: alerts.stackPending,
      severity: 'critical',
      summary: 'The collector refuses {{ $labels.signal }}',
      description:
        'The collector refuses {{ printf "%.2f" $value }} items of {{ $labels.signal }} per second. Senders retry them for a while and then drop them.',
    },
    {
      ...common,
      alert: 'CollectorDropping',
      panel: 'Lost',
      expr: lostFor(exporters.stores),
      severity: 'critical',
      summary: 'The collector lost {{ $labels.signal }} for {{ $labels.exporter }}',
      description: `{{ $value | humanize }} items of {{ $labels.signal }} for {{ $labels.exporter }} were lost within ${window}.`,
    },
    {
      ...common,
      alert: 'CollectorExportFailing',
      panel: 'Queues',
      expr: `${waiting(exporters.stores)} unless on (instance, exporter) (${sent.join(' or ')})`,
      for: alerts.stackPending,
      severity: 'critical',
      summary: 'The collector cannot send to {{ $labels.exporter }}',
      description: `The collector has sent nothing to {{ $labels.exporter }} for ${window}, while {{ $value | humanize1024 }}B wait in its queue.`,
    },
    {
      ...common,
      alert: 'CollectorQueueFilling',
      panel: 'Queues',
      expr: `${queueSize} / ${queueCapacity} > ${alerts.queueUsage}`,
      for: alerts.stackPending,
      severity: 'warning',
      summary: 'The queue of {{ $labels.exporter }} is filling',
      description:
        'The queue of {{ $labels.exporter }} on {{ $labels.instance }} is {{ $value | humanizePercentage }} full. When it is full, senders are blocked.',
    },
    {
      ...common,
      alert: 'ForwardFailing',
      panel: 'Queues',
      expr: notForwarded.join(' or '),
      for: alerts.stackPending,
      severity: 'warning',
      summary: 'The collector cannot forward {{ $labels.data_type }} to {{ $labels.exporter }}',
      description: `The collector has sent no {{ $labels.data_type }} to {{ $labels.exporter }} for ${window}, while {{ $value | humanize1024 }}B wait in its queue. The stores are not affected.`,
    },
    {
      ...common,
      alert: 'ForwardDropping',
      panel: 'Lost',
      expr: lostFor(exporters.forward),
      severity: 'warning',
      summary: 'The collector did not forward {{ $labels.signal }} to {{ $labels.exporter }}',
      description: `{{ $value | humanize }} items of {{ $labels.signal }} for {{ $labels.exporter }} were lost within ${window}. The stores have them.`,
    },
  ];
}

/** Alerts on prometheus.remoteWrite, whose series exist only where it is used. */
function remoteWriteAlerts({ alerts }: Settings): AlertRule[] {
  const window = formatDuration(alerts.window);
  const common = {
    component: 'prometheus',
    dashboard: 'stack',
    panel: 'Samples rejected or failed',
    severity: 'warning',
  } as const;
  // Not the newest sample in the queue: that stops too, when nothing is sent.
  const behind = `(${ownSeries(stackMetrics.prometheusNewest)} - on (job, instance) group_right () ${ownSeries(stackMetrics.remoteWriteSent)})`;
  return [
    {
      ...common,
      alert: 'RemoteWriteFailing',
      expr: `${behind} > ${alerts.window.toSeconds()} and rate(${ownSeries(stackMetrics.remoteWriteRetried)}[${window}]) > 0`,
      for: alerts.stackPending,
      summary: 'Remote write to {{ $labels.url }} fails',
      description: `Prometheus repeats samples for {{ $labels.url }}, which lacks the samples of the last ${window} or more.`,
    },
    {
      ...common,
      alert: 'RemoteWriteDropping',
      expr: `${increased(ownSeries(stackMetrics.remoteWriteFailed), alerts.window)} > 0`,
      summary: '{{ $labels.url }} rejects samples',
      description: `{{ $labels.url }} has rejected {{ $value | humanize }} samples of remote write within ${window}. Prometheus itself has them.`,
    },
  ];
}

const [namespace, container] = [attributes.k8sNamespaceName, attributes.k8sContainerName].map(
  label,
);
const silentService = `${service('service_name')}, ${container}`;
const title = serviceTitle('service_name');

/**
 * Replaces `up` for pushed metrics: fires for a container that is running and sent metrics within
 * the last hour, but not within alerts.absentAfter.
 */
function serviceSilent({ alerts }: Settings): AlertRule {
  const pushed = (range: string) =>
    `group by (${silentService}) (last_over_time(${targetInfo}{${container}!=""}[${range}]))`;
  const running = renameLabel(
    renameLabel(
      `group by (namespace, container) (${stackMetrics.containerMemory}{container!=""})`,
      'namespace',
      `${namespace}`,
    ),
    'container',
    `${container}`,
  );
  const absentAfter = formatDuration(alerts.absentAfter);
  // After an outage of the collector apps resume at the next attempt of their SDK.
  const collectorDown = `min_over_time(up{job="otel-collector"}[${absentAfter}]) == 0`;
  return {
    alert: 'ServiceSilent',
    expr: `${pushed('1h')} and on (${namespace}, ${container}) ${running} unless on (${silentService}) ${pushed(absentAfter)} unless on () ${collectorDown}`,
    for: alerts.stackPending,
    severity: 'warning',
    component: 'app',
    serviceLabel: 'service_name',
    summary: `${title} sends no metrics`,
    description: `Container {{ $labels.${container} }} in namespace {{ $labels.${namespace} }} runs, but no metrics of ${title} have arrived for ${absentAfter}.`,
    dashboard: 'collector',
    panel: 'Pushes of metrics',
  };
}

type CountersBySignal = (typeof collectorFailures)[keyof typeof collectorFailures];

function mapCounters(
  metrics: CountersBySignal,
  query: (metric: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metrics).map(([signal, metric]) => [signal, query(metric)]),
  );
}
