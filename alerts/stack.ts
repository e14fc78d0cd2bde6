import { Duration } from 'cdk8s';
import { backedUpStores } from '../lib/backup/settings.ts';
import { isEnabled } from '../lib/model/parts.ts';
import type { ServiceName } from '../lib/model/ports.ts';
import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { maxLogStreams } from '../lib/telemetry/logs.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import {
  backupMetric,
  backupStore,
  testAlertMetric,
  testAlertSeverity,
} from '../lib/telemetry/probes.ts';
import { stackMetrics as metrics } from '../lib/telemetry/stack.ts';
import { telemetryDiscarded } from './discards.ts';
import { ownSeries } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

export const stackRulesSource = sourceFile(import.meta.filename);

const [volumeUsed, volumeAvailable, volumeCapacity] = [
  metrics.volumeUsed,
  metrics.volumeAvailable,
  metrics.volumeCapacity,
].map((metric) => ownSeries(metric)) as [string, string, string];

/** The series of components that are deployed. */
const deployed = (
  metricsOf: Partial<Readonly<Record<ServiceName, readonly string[]>>>,
  settings: Settings,
) =>
  (Object.keys(metricsOf) as ServiceName[])
    .filter((service) => isEnabled(service, settings))
    .flatMap((service) => metricsOf[service] ?? [])
    .map((metric) => ownSeries(metric));

const walCorruptions = {
  prometheus: [metrics.prometheusWalCorruptions, metrics.prometheusChunkCorruptions],
  loki: [metrics.lokiWalCorruptions, metrics.lokiRulerWalCorruptions],
};
const ruleFailures = {
  prometheus: [metrics.prometheusRuleFailures],
  loki: [metrics.lokiRuleFailures],
};
const configReloaded = {
  prometheus: [metrics.prometheusConfigReloaded],
  alertmanager: [metrics.alertmanagerConfigReloaded],
  loki: [metrics.lokiRulesReloaded],
};
const notificationFailures = {
  alertmanager: [metrics.alertmanagerNotificationsFailed],
  prometheus: [metrics.prometheusNotificationErrors],
  loki: [metrics.lokiNotificationErrors],
};

/** Alerts on the stack itself: alerting, components, discarded telemetry, and volumes. */
export function stackRules(settings: Settings): RuleGroup[] {
  return [
    { name: 'alerting', rules: alertingAlerts(settings) },
    { name: 'stack', rules: stackAlerts(settings) },
    { name: 'volumes', rules: volumeAlerts(settings) },
    ...(settings.backup.schedule === undefined
      ? []
      : [{ name: 'backup', rules: [backupMissing(settings)] }]),
  ];
}

/** Alerts on alerting itself. */
function alertingAlerts(settings: Settings): AlertRule[] {
  const { alerts } = settings;
  const window = formatDuration(alerts.window);
  // Longer than the window, so that a few failures, such as during a restart, do not fire the
  // alert.
  const windowAndPendingPeriod = Duration.seconds(
    alerts.window.toSeconds() + alerts.stackPending.toSeconds(),
  );
  const common = { component: '{{ $labels.job }}', dashboard: 'stack' } as const;
  return [
    {
      alert: 'Watchdog',
      panel: 'Alerts',
      expr: 'vector(1)',
      severity: 'none',
      component: 'alerting',
      summary: 'Alerting works',
      description: 'Always fires. If its notifications stop, alerting is broken.',
      dashboard: 'stack',
    },
    {
      alert: 'TestAlert',
      panel: 'Alerts',
      expr: `${prometheusName(testAlertMetric)} == 1`,
      severity: `{{ $labels.${label(testAlertSeverity)} }}`,
      component: 'alerting',
      summary: 'Test alert',
      description: 'Someone ran ./mantis test-alert. No action is needed.',
      dashboard: 'stack',
    },
    {
      ...common,
      alert: 'RuleEvaluationFailing',
      panel: 'Failed rule evaluations',
      expr: deployed(ruleFailures, settings)
        .map((metric) => `increase(${metric}[${window}]) > 0`)
        .join(' or '),
      for: windowAndPendingPeriod,
      severity: 'critical',
      summary: 'Rules of {{ $labels.job }} cannot be evaluated',
      description: `Rules of {{ $labels.rule_group }} have failed repeatedly for ${window}; their alerts cannot fire.`,
    },
    {
      ...common,
      alert: 'NotificationsFailing',
      panel: 'Failed notifications',
      expr: deployed(notificationFailures, settings)
        .map((metric) => `sum by (job, instance) (increase(${metric}[${window}])) > 0`)
        .join(' or '),
      for: windowAndPendingPeriod,
      severity: 'critical',
      summary: '{{ $labels.job }} fails to send notifications',
      description: `{{ $labels.job }} failed to send {{ $value | humanize }} notifications within ${window}.`,
    },
    {
      ...common,
      alert: 'ConfigReloadFailed',
      panel: 'Failed configuration reloads',
      expr: deployed(configReloaded, settings)
        .map((metric) => `${metric} == 0`)
        .join(' or '),
      for: alerts.stackPending,
      severity: 'warning',
      summary: '{{ $labels.job }} failed to reload its configuration',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} still uses its old configuration, and would not start with the new one.',
    },
  ];
}

function stackAlerts(settings: Settings): AlertRule[] {
  const { alerts } = settings;
  const { maxSeries } = alerts;
  return [
    {
      alert: 'TargetDown',
      panel: 'Components',
      expr: `${ownSeries(metrics.up)} == 0`,
      for: alerts.stackPending,
      severity: 'critical',
      component: '{{ $labels.job }}',
      summary: '{{ $labels.job }} cannot be scraped',
      description: `Prometheus has failed to scrape {{ $labels.instance }} for ${formatDuration(alerts.stackPending)}.`,
      dashboard: 'stack',
    },
    {
      alert: 'WalCorruption',
      panel: 'WAL corruptions',
      // Counted during startup, before the first scrape, so that there is no increase.
      expr: deployed(walCorruptions, settings)
        .map((metric) => `${metric} > 0`)
        .join(' or '),
      severity: 'critical',
      component: '{{ $labels.job }}',
      summary: 'The write-ahead log of {{ $labels.job }} was corrupted',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} found {{ $value }} corruptions in its stored data, and dropped the data after them.',
      dashboard: 'stack',
    },
    telemetryDiscarded(settings),
    {
      alert: 'CardinalityNearLimit',
      panel: { prometheus: 'Series', loki: 'Streams' },
      expr: [
        `${ownSeries(metrics.prometheusSeries)} / ${maxSeries} > 0.8`,
        ...deployed({ loki: [metrics.lokiStreams] }, settings).map(
          (streams) => `${streams} / ${maxLogStreams} > 0.8`,
        ),
      ].join(' or '),
      for: alerts.stackPending,
      severity: 'warning',
      component: '{{ $labels.job }}',
      summary: '{{ $labels.job }} is near its limit of series',
      description:
        '{{ $labels.job }} holds {{ $value | humanizePercentage }} of its maximum of series or streams. TooManySeries names a service or pod that has most of them.',
      dashboard: 'stack',
    },
  ];
}

/**
 * Alerts on volumes. Only storage drivers that report usage have these series; kind's local-path
 * does not.
 */
function volumeAlerts({ alerts }: Settings): AlertRule[] {
  const claim = '{{ $labels.persistentvolumeclaim }} in namespace {{ $labels.namespace }}';
  // Drops the node label: a volume is reported by the kubelet of the node that mounts it.
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
      // Only if it is half full: a new store grows quickly until retention takes effect.
      expr: `${full} > 0.5 and ${of(volumeAvailable, `predict_linear(${volumeAvailable}[6h], ${seconds})`)} < 0`,
      for: alerts.pending,
      severity: 'warning',
      summary: `Volume {{ $labels.persistentvolumeclaim }} will be full within ${formatDuration(alerts.volumeFullWithin)}`,
      description: `The volume of ${claim} is {{ $value | humanizePercentage }} full, and it grows at the rate of the last 6h.`,
    },
    {
      ...common,
      alert: 'VolumeAlmostFull',
      panel: 'Volumes',
      expr: `${full} > ${alerts.volumeUsage}`,
      for: alerts.stackPending,
      severity: 'critical',
      summary: 'Volume {{ $labels.persistentvolumeclaim }} is almost full',
      description: `The volume of ${claim} is {{ $value | humanizePercentage }} full. When it is full, its pod cannot store data.`,
    },
  ];
}

/**
 * A scheduled backup sends its time once, when it is complete. Half of the age is the range of the query and
 * half the pending period, so that the alert does not fire before the first backup of a new installation.
 */
function backupMissing(settings: Settings): AlertRule {
  const { backup } = settings;
  const half = Duration.minutes(backup.maxAge.toMinutes() / 2);
  const metric = prometheusName(backupMetric);
  const store = label(backupStore);
  return {
    alert: 'BackupMissing',
    panel: 'Alerts',
    expr: backedUpStores(settings)
      .map((name) => `absent_over_time(${metric}{${store}="${name}"}[${formatDuration(half)}])`)
      .join(' or '),
    for: half,
    severity: 'warning',
    component: `{{ $labels.${store} }}`,
    summary: `{{ $labels.${store} }} is not backed up`,
    description: `No scheduled backup of {{ $labels.${store} }} was completed for ${formatDuration(backup.maxAge)}.`,
    dashboard: 'stack',
  };
}
