import { fires, type RuleTest, ruleTest, silent } from './case.ts';

const loki = { job: 'loki', instance: 'loki:3100' };
const at = '{job="loki", instance="loki:3100"}';
const volume = '{namespace="shops", persistentvolumeclaim="data-0", node="n"}';
const claim = { namespace: 'shops', persistentvolumeclaim: 'data-0' };
const used = `kubelet_volume_stats_used_bytes${volume}`;
const available = `kubelet_volume_stats_available_bytes${volume}`;
const capacity = `kubelet_volume_stats_capacity_bytes${volume}`;

const testAlert = (severity: string) => ({
  labels: { alert_severity: severity },
  severity,
  summary: 'Test alert',
  description: 'Someone ran ./mantis test-alert. No action is needed.',
});

const filling = {
  labels: claim,
  summary: 'Volume data-0 will be full within 1d',
  description:
    'The volume of data-0 in namespace shops is 65.01% full, and it grows at the rate of the last 6h.',
};

/** A volume of 100 MB with 65 MB in use, which grows by `step` bytes every 15 s. */
const growing = (step: number) => ({
  [capacity]: '100000000x1500',
  [used]: `65000000+${step}x1500`,
  [available]: `35000000-${step}x1500`,
});

export const stackTests: readonly RuleTest[] = [
  ruleTest({}, [
    fires('Watchdog', '1m', {
      summary: 'Alerting works',
      description: 'Always fires. If its notifications stop, alerting is broken.',
    }),
  ]),
  ruleTest({ 'mantis_test_alert{alert_severity="warning"}': '0x4 1x4 0x4' }, [
    silent('TestAlert', '1m'),
    fires('TestAlert', '1m15s', testAlert('warning')),
    silent('TestAlert', '3m'),
  ]),

  // A single failure does not fire the alert; repeated failures do.
  ruleTest(
    { 'prometheus_rule_evaluation_failures_total{job="prometheus", rule_group="g"}': '0x8 1x80' },
    [silent('RuleEvaluationFailing', '7m'), silent('RuleEvaluationFailing', '10m')],
  ),
  ruleTest(
    { 'loki_prometheus_rule_evaluation_failures_total{job="loki", rule_group="g"}': '0+1x80' },
    [
      silent('RuleEvaluationFailing', '7m'),
      fires('RuleEvaluationFailing', '8m', {
        labels: { job: 'loki', rule_group: 'g' },
        component: 'loki',
        summary: 'Rules of loki cannot be evaluated',
        description: 'Rules of g have failed repeatedly for 5m; their alerts cannot fire.',
      }),
    ],
  ),
  ruleTest({ [`alertmanager_notifications_failed_total${at}`]: '0x8 2x80' }, [
    silent('NotificationsFailing', '7m'),
    silent('NotificationsFailing', '10m'),
  ]),
  ruleTest({ [`alertmanager_notifications_failed_total${at}`]: '0+1x80' }, [
    silent('NotificationsFailing', '7m'),
    fires('NotificationsFailing', '8m', {
      labels: loki,
      component: 'loki',
      summary: 'loki fails to send notifications',
      description: 'loki failed to send 20 notifications within 5m.',
    }),
  ]),
  ruleTest({ [`loki_ruler_config_last_reload_successful${at}`]: '1x4 0x20' }, [
    silent('ConfigReloadFailed', '1m'),
    silent('ConfigReloadFailed', '3m'),
    fires('ConfigReloadFailed', '4m', {
      labels: loki,
      component: 'loki',
      summary: 'loki failed to reload its configuration',
      description:
        'loki at loki:3100 still uses its old configuration, and would not start with the new one.',
    }),
  ]),

  // Up for a minute, then down.
  ruleTest({ [`up${at}`]: '1x4 0x20' }, [
    silent('TargetDown', '1m'),
    silent('TargetDown', '3m'),
    fires('TargetDown', '4m', {
      labels: loki,
      component: 'loki',
      summary: 'loki cannot be scraped',
      description: 'Prometheus has failed to scrape loki:3100 for 2m.',
    }),
  ]),
  ruleTest({ [`loki_ingester_wal_corruptions_total${at}`]: '0x4 1x4' }, [
    silent('WalCorruption', '1m'),
    fires('WalCorruption', '2m', {
      labels: loki,
      component: 'loki',
      summary: 'The write-ahead log of loki was corrupted',
      description:
        'loki at loki:3100 found 1 corruptions in its stored data, and dropped the data after them.',
    }),
  ]),

  // Exactly 80 % of 150 000 and of 20 000 is no alert.
  ruleTest(
    {
      'prometheus_tsdb_head_series{job="prometheus"}': '120000x40',
      'loki_ingester_memory_streams{job="loki"}': '16000x40',
    },
    [silent('CardinalityNearLimit', '10m')],
  ),
  ruleTest({ 'prometheus_tsdb_head_series{job="prometheus"}': '123000x40' }, [
    silent('CardinalityNearLimit', '1m45s'),
    fires('CardinalityNearLimit', '2m', {
      labels: { job: 'prometheus' },
      component: 'prometheus',
      summary: 'prometheus is near its limit of series',
      description:
        'prometheus holds 82% of its maximum of series or streams. TooManySeries names a service or pod that has most of them.',
    }),
  ]),
  ruleTest({ 'loki_ingester_memory_streams{job="loki"}': '16004x40' }, [
    fires('CardinalityNearLimit', '2m', {
      labels: { job: 'loki' },
      component: 'loki',
      summary: 'loki is near its limit of series',
      description:
        'loki holds 80.02% of its maximum of series or streams. TooManySeries names a service or pod that has most of them.',
    }),
  ]),

  // 35 MB are left; at 6000 bytes in 15 s they last 24.3 hours, at 6100 they last 23.9.
  ruleTest(growing(6000), [silent('VolumeFilling', '6m')]),
  ruleTest(growing(6100), [
    silent('VolumeFilling', '5m'),
    fires('VolumeFilling', '6m', {
      ...filling,
      description: filling.description.replace('65.01', '65.15'),
    }),
  ]),
  // Does not fire at half full, however fast it grows.
  ruleTest({ [capacity]: '100x60', [used]: '10+0.5x60', [available]: '90-0.5x60' }, [
    silent('VolumeFilling', '15m'),
  ]),
  ruleTest({ [capacity]: '100x40', [used]: '85x40', [available]: '15x40' }, [
    silent('VolumeAlmostFull', '10m'),
  ]),
  ruleTest({ [capacity]: '100x40', [used]: '86x40', [available]: '14x40' }, [
    silent('VolumeAlmostFull', '1m45s'),
    fires('VolumeAlmostFull', '2m', {
      labels: claim,
      summary: 'Volume data-0 is almost full',
      description:
        'The volume of data-0 in namespace shops is 86% full. When it is full, its pod cannot store data.',
    }),
  ]),

  // Each store on its own; the last report of Loki was at the start, that of the others is repeated.
  {
    ...ruleTest(
      {
        'mantis_backup_completion_timestamp_seconds{mantis_backup_store="loki"}': '1x4',
        ...Object.fromEntries(
          ['alertmanager', 'grafana', 'tempo', 'prometheus'].map((store) => [
            `mantis_backup_completion_timestamp_seconds{mantis_backup_store="${store}"}`,
            '1x60',
          ]),
        ),
      },
      [
        silent('BackupMissing', '24h'),
        silent('BackupMissing', '47h'),
        fires('BackupMissing', '53h', {
          labels: { mantis_backup_store: 'loki' },
          component: 'loki',
          summary: 'loki is not backed up',
          description: 'No scheduled backup of loki was completed for 2d.',
        }),
      ],
    ),
    interval: '1h',
  },
];
