import { fires, over, type RuleTest, silent } from './case.ts';

const loki = { job: 'loki', instance: 'loki:3100' };
const at = '{job="loki", instance="loki:3100"}';
const volume = '{namespace="shops", persistentvolumeclaim="data-0", node="n"}';
const claim = { namespace: 'shops', persistentvolumeclaim: 'data-0' };
const used = `kubelet_volume_stats_used_bytes${volume}`;
const available = `kubelet_volume_stats_available_bytes${volume}`;
const capacity = `kubelet_volume_stats_capacity_bytes${volume}`;

const annotated = (port: string) =>
  `up{job="annotated-pods", k8s_namespace_name="shops", k8s_pod_name="till-0", instance="10.0.0.9:${port}"}`;

const testAlert = (severity: string) => ({
  labels: { alert_severity: severity },
  severity,
  summary: 'A test of the way of alerts',
  description: 'Somebody ran ./mantis test-alert. There is nothing to do.',
});

const discarded = (job: string, reason: string, number: string) => ({
  labels: { job, reason },
  component: job,
  summary: `${job} refuses telemetry: ${reason}`,
  description: `${job} refused ${number} samples, lines or spans within 5m, because of ${reason}. They are lost.`,
});

const filling = {
  labels: claim,
  summary: 'Volume data-0 will be full within 1d',
  description:
    'The volume of data-0 in namespace shops is 65.01% full and grows as it did in the last 6h.',
};

/** 40 GB of 100 at first, then so many a quarter of a minute. */
const growing = (step: number) => ({
  [capacity]: '100000000x1500',
  [used]: `65000000+${step}x1500`,
  [available]: `35000000-${step}x1500`,
});

export const stackTests: readonly RuleTest[] = [
  over({}, [
    fires('Watchdog', '1m', {
      summary: 'Alerting works',
      description: 'Fires always. If it stops, alerts no longer reach whoever should hear of them.',
    }),
  ]),
  over({ 'mantis_test_alert{alert_severity="warning"}': '0x4 1x4 0x4' }, [
    silent('TestAlert', '1m'),
    fires('TestAlert', '1m15s', testAlert('warning')),
    silent('TestAlert', '3m'),
  ]),

  // One failure is over before it counts; failures that go on do.
  over(
    { 'prometheus_rule_evaluation_failures_total{job="prometheus", rule_group="g"}': '0x8 1x80' },
    [silent('RuleEvaluationFailing', '7m'), silent('RuleEvaluationFailing', '10m')],
  ),
  over({ 'loki_prometheus_rule_evaluation_failures_total{job="loki", rule_group="g"}': '0+1x80' }, [
    silent('RuleEvaluationFailing', '7m'),
    fires('RuleEvaluationFailing', '8m', {
      labels: { job: 'loki', rule_group: 'g' },
      component: 'loki',
      summary: 'Rules of loki cannot be evaluated',
      description: 'Rules of g have failed again and again for 5m; their alerts cannot fire.',
    }),
  ]),
  over({ [`alertmanager_notifications_failed_total${at}`]: '0x8 2x80' }, [
    silent('NotificationsFailing', '7m'),
    silent('NotificationsFailing', '10m'),
  ]),
  over({ [`alertmanager_notifications_failed_total${at}`]: '0+1x80' }, [
    silent('NotificationsFailing', '7m'),
    fires('NotificationsFailing', '8m', {
      labels: loki,
      component: 'loki',
      summary: 'loki cannot pass alerts on',
      description: 'loki failed to pass on 20 notifications within 5m.',
    }),
  ]),
  over({ [`loki_ruler_config_last_reload_successful${at}`]: '1x4 0x20' }, [
    silent('ConfigReloadFailed', '1m'),
    silent('ConfigReloadFailed', '3m'),
    fires('ConfigReloadFailed', '4m', {
      labels: loki,
      component: 'loki',
      summary: 'loki refused its new configuration',
      description:
        'loki at loki:3100 goes on with its old configuration, and would not start with the new one.',
    }),
  ]),

  // Up for a minute, then gone.
  over({ [`up${at}`]: '1x4 0x20' }, [
    silent('TargetDown', '1m'),
    silent('TargetDown', '3m'),
    fires('TargetDown', '4m', {
      labels: loki,
      component: 'loki',
      summary: 'loki cannot be scraped',
      description: 'Prometheus has had no answer from loki:3100 for 2m.',
    }),
  ]),
  // One port of the pod is no metrics page, the other is.
  over({ [annotated('9000')]: '0x24', [annotated('8080')]: '1x24' }, [silent('TargetDown', '4m')]),
  over({ [annotated('9000')]: '0x24', [annotated('8080')]: '1x4 0x20' }, [
    silent('TargetDown', '3m'),
    fires('TargetDown', '4m', {
      labels: { job: 'annotated-pods', k8s_namespace_name: 'shops', k8s_pod_name: 'till-0' },
      component: 'annotated-pods',
      summary: 'till-0 cannot be scraped',
      description: 'Prometheus has had no answer from till-0 for 2m.',
    }),
  ]),
  over({ [`loki_ingester_wal_corruptions_total${at}`]: '0x4 1x4' }, [
    silent('WalCorruption', '1m'),
    fires('WalCorruption', '2m', {
      labels: loki,
      component: 'loki',
      summary: 'The write-ahead log of loki was damaged',
      description:
        'loki at loki:3100 found 1 damaged places in what it had stored, and dropped what came behind them.',
    }),
  ]),

  over(
    {
      'prometheus_tsdb_too_old_samples_total{job="prometheus", type="float"}': '0x40',
      'loki_discarded_samples_total{job="loki", reason="rate_limited", tenant="fake"}': '5x40',
    },
    [silent('TelemetryDiscarded', '8m')],
  ),
  over(
    {
      'prometheus_tsdb_too_old_samples_total{job="prometheus", type="float"}': '0x20 19x40',
      'loki_discarded_samples_total{job="loki", reason="rate_limited", tenant="fake"}': '_x20 5x40',
      'tempo_discarded_spans_total{job="tempo", reason="trace_too_large", tenant="t"}': '_x20 6x40',
    },
    [
      fires(
        'TelemetryDiscarded',
        '6m',
        discarded('prometheus', 'too_old', '19'),
        discarded('loki', 'rate_limited', '5'),
        discarded('tempo', 'trace_too_large', '6'),
      ),
      silent('TelemetryDiscarded', '11m'),
    ],
  ),
  // Exactly 80 % of 150 000 and of 5000 is no alert.
  over(
    {
      'prometheus_tsdb_head_series{job="prometheus"}': '120000x40',
      'loki_ingester_memory_streams{job="loki"}': '4000x40',
    },
    [silent('CardinalityNearLimit', '10m')],
  ),
  over({ 'prometheus_tsdb_head_series{job="prometheus"}': '123000x40' }, [
    silent('CardinalityNearLimit', '1m45s'),
    fires('CardinalityNearLimit', '2m', {
      labels: { job: 'prometheus' },
      component: 'prometheus',
      summary: 'prometheus holds too many series',
      description:
        'prometheus holds 82% of the series or streams that it can. Some label has too many values.',
    }),
  ]),
  over({ 'loki_ingester_memory_streams{job="loki"}': '4001x40' }, [
    fires('CardinalityNearLimit', '2m', {
      labels: { job: 'loki' },
      component: 'loki',
      summary: 'loki holds too many series',
      description:
        'loki holds 80.02% of the series or streams that it can. Some label has too many values.',
    }),
  ]),

  // 35 MB are left; at 6000 bytes in 15 s they last 24.3 hours, at 6100 they last 23.9.
  over(growing(6000), [silent('VolumeFilling', '6m')]),
  over(growing(6100), [
    silent('VolumeFilling', '5m'),
    fires('VolumeFilling', '6m', {
      ...filling,
      description: filling.description.replace('65.01', '65.15'),
    }),
  ]),
  // Half full is nothing yet, however fast it goes.
  over({ [capacity]: '100x60', [used]: '10+0.5x60', [available]: '90-0.5x60' }, [
    silent('VolumeFilling', '15m'),
  ]),
  over({ [capacity]: '100x40', [used]: '85x40', [available]: '15x40' }, [
    silent('VolumeAlmostFull', '10m'),
  ]),
  over({ [capacity]: '100x40', [used]: '86x40', [available]: '14x40' }, [
    silent('VolumeAlmostFull', '1m45s'),
    fires('VolumeAlmostFull', '2m', {
      labels: claim,
      summary: 'Volume data-0 is almost full',
      description:
        'The volume of data-0 in namespace shops is 86% full. Without space its pod stops storing.',
    }),
  ]),
];
