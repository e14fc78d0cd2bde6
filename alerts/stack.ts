import { Duration } from 'cdk8s';
import { components } from '../dashboards/stack.ts';
import { annotatedPodsJob } from '../lib/model/topology.ts';
import type { Settings } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { testAlertMetric, testAlertSeverity } from '../lib/telemetry/probes.ts';
import { stackMetrics as metrics } from '../lib/telemetry/stack.ts';
import { anyOf, increased } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

const { volumeUsed, volumeAvailable, volumeCapacity } = metrics;

const namespace = label(attributes.k8sNamespaceName);
const pod = label(attributes.k8sPodName);
const walCorruptions = [
  metrics.prometheusWalCorruptions,
  metrics.prometheusChunkCorruptions,
  metrics.lokiWalCorruptions,
  metrics.lokiRulerWalCorruptions,
];
const ruleFailures = [metrics.prometheusRuleFailures, metrics.lokiRuleFailures];
const configReloaded = [
  metrics.prometheusConfigReloaded,
  metrics.alertmanagerConfigReloaded,
  metrics.lokiRulesReloaded,
];
const notificationFailures = [
  metrics.alertmanagerNotificationsFailed,
  metrics.prometheusNotificationErrors,
  metrics.lokiNotificationErrors,
];
/** Samples that Prometheus refused, by the reason that the metric's name holds. */
const refusedSamples = {
  too_old: metrics.prometheusTooOld,
  out_of_order: metrics.prometheusOutOfOrder,
  out_of_bounds: metrics.prometheusOutOfBound,
  duplicate_timestamp: metrics.prometheusDuplicates,
};

/** Alerts about the stack itself: its processes, its volumes, what it refuses, and alerting. */
export function stackRules(settings: Settings): RuleGroup[] {
  return [
    { name: 'alerting', rules: alertingAlerts(settings) },
    { name: 'stack', rules: stackAlerts(settings) },
    { name: 'volumes', rules: volumeAlerts(settings) },
  ];
}

/** Whether anybody would hear of an alert. */
function alertingAlerts({ alerts }: Settings): AlertRule[] {
  const window = written(alerts.window);
  // A few failures, as while somebody restarts, are gone from the window by then.
  const goesOn = Duration.seconds(alerts.window.toSeconds() + alerts.stackFor.toSeconds());
  const common = { component: '{{ $labels.job }}', dashboard: 'stack' } as const;
  return [
    {
      alert: 'Watchdog',
      panel: 'Alerts',
      expr: 'vector(1)',
      severity: 'none',
      component: 'alerting',
      summary: 'Alerting works',
      description: 'Fires always. If it stops, alerts no longer reach whoever should hear of them.',
      dashboard: 'stack',
    },
    {
      alert: 'TestAlert',
      panel: 'Alerts',
      expr: `${prometheusName(testAlertMetric)} == 1`,
      severity: `{{ $labels.${label(testAlertSeverity)} }}`,
      component: 'alerting',
      summary: 'A test of the way of alerts',
      description: 'Somebody ran ./mantis test-alert. There is nothing to do.',
      dashboard: 'stack',
    },
    {
      ...common,
      alert: 'RuleEvaluationFailing',
      panel: 'Rules that failed',
      expr: ruleFailures.map((metric) => `increase(${metric}[${window}]) > 0`).join(' or '),
      for: goesOn,
      severity: 'critical',
      summary: 'Rules of {{ $labels.job }} cannot be evaluated',
      description: `Rules of {{ $labels.rule_group }} have failed again and again for ${window}; their alerts cannot fire.`,
    },
    {
      ...common,
      alert: 'NotificationsFailing',
      panel: 'Notifications that failed',
      expr: notificationFailures
        .map((metric) => `sum by (job, instance) (increase(${metric}[${window}])) > 0`)
        .join(' or '),
      for: goesOn,
      severity: 'critical',
      summary: '{{ $labels.job }} cannot pass alerts on',
      description: `{{ $labels.job }} failed to pass on {{ $value | humanize }} notifications within ${window}.`,
    },
    {
      ...common,
      alert: 'ConfigReloadFailed',
      panel: 'Configuration refused',
      expr: configReloaded.map((metric) => `${metric} == 0`).join(' or '),
      for: alerts.stackFor,
      severity: 'warning',
      summary: '{{ $labels.job }} refused its new configuration',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} goes on with its old configuration, and would not start with the new one.',
    },
  ];
}

function stackAlerts({ alerts }: Settings): AlertRule[] {
  const { maxSeries } = alerts;
  return [
    {
      alert: 'TargetDown',
      panel: Object.fromEntries(components.map((job) => [job, job])),
      // A pod that names no port is tried at each that it declares, of which one is enough.
      expr: `up{job!="${annotatedPodsJob}"} == 0 or max by (job, ${namespace}, ${pod}) (up{job="${annotatedPodsJob}"}) == 0`,
      for: alerts.stackFor,
      severity: 'critical',
      component: '{{ $labels.job }}',
      summary: `{{ or $labels.${pod} $labels.job }} cannot be scraped`,
      description: `Prometheus has had no answer from {{ or $labels.instance $labels.${pod} }} for ${written(alerts.stackFor)}.`,
      dashboard: 'stack',
    },
    {
      alert: 'WalCorruption',
      panel: 'Damage found',
      // Counted while a store starts, before its first scrape: the number itself is the news.
      expr: walCorruptions.map((metric) => `${metric} > 0`).join(' or '),
      severity: 'critical',
      component: '{{ $labels.job }}',
      summary: 'The write-ahead log of {{ $labels.job }} was damaged',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} found {{ $value }} damaged places in what it had stored, and dropped what came behind them.',
      dashboard: 'stack',
    },
    {
      alert: 'TelemetryDiscarded',
      panel: {
        prometheus: 'Samples rejected or failed',
        loki: 'Lines discarded or failed',
        tempo: 'Spans discarded or failed',
      },
      expr: `sum by (job, reason) (${[
        anyOf(
          'reason',
          Object.fromEntries(
            Object.entries(refusedSamples).map(([reason, metric]) => [
              reason,
              `increase(${metric}[${written(alerts.window)}])`,
            ]),
          ),
        ),
        increased(metrics.lokiDiscarded, alerts.window),
        increased(metrics.tempoDiscarded, alerts.window),
      ].join(' or ')}) > 0`,
      severity: 'warning',
      component: '{{ $labels.job }}',
      summary: '{{ $labels.job }} refuses telemetry: {{ $labels.reason }}',
      description: `{{ $labels.job }} refused {{ $value | humanize }} samples, lines or spans within ${written(alerts.window)}, because of {{ $labels.reason }}. They are lost.`,
      dashboard: 'stack',
    },
    {
      alert: 'CardinalityNearLimit',
      panel: { prometheus: 'Series', loki: 'Streams' },
      expr: `${metrics.prometheusSeries} / ${maxSeries} > 0.8 or ${metrics.lokiStreams} / ${lokiStreamLimit} > 0.8`,
      for: alerts.stackFor,
      severity: 'warning',
      component: '{{ $labels.job }}',
      summary: '{{ $labels.job }} holds too many series',
      description:
        '{{ $labels.job }} holds {{ $value | humanizePercentage }} of the series or streams that it can. Some label has too many values.',
      dashboard: 'stack',
    },
  ];
}

/** Loki's default of max_global_streams_per_user, beyond which it refuses lines. */
const lokiStreamLimit = 5000;

/** Only volumes whose driver reports their use have these series; a local path of kind does not. */
function volumeAlerts({ alerts }: Settings): AlertRule[] {
  const claim = '{{ $labels.persistentvolumeclaim }} in namespace {{ $labels.namespace }}';
  // Every node has a kubelet, and a volume is reported by the one that mounts it.
  const of = (metric: string, query = metric) =>
    `max by (namespace, persistentvolumeclaim) (${query})`;
  const full = `${of(volumeUsed)} / ${of(volumeCapacity)}`;
  const seconds = alerts.volumeFullWithin.toSeconds();
  const common = { component: 'volume', dashboard: 'stack' } as const;
  return [
    {
      ...common,
      alert: 'VolumeFilling',
      panel: 'Volumes',
      // Not before it is half full: a new store grows quickly until its retention sets in.
      expr: `${full} > 0.5 and ${of(volumeAvailable, `predict_linear(${volumeAvailable}[6h], ${seconds})`)} < 0`,
      for: alerts.for,
      severity: 'warning',
      summary: `Volume {{ $labels.persistentvolumeclaim }} will be full within ${written(alerts.volumeFullWithin)}`,
      description: `The volume of ${claim} is {{ $value | humanizePercentage }} full and grows as it did in the last 6h.`,
    },
    {
      ...common,
      alert: 'VolumeAlmostFull',
      panel: 'Volumes',
      expr: `${full} > ${alerts.volume}`,
      for: alerts.stackFor,
      severity: 'critical',
      summary: 'Volume {{ $labels.persistentvolumeclaim }} is almost full',
      description: `The volume of ${claim} is {{ $value | humanizePercentage }} full. Without space its pod stops storing.`,
    },
  ];
}
