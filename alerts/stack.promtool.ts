import { collectorMetrics } from '../lib/telemetry.ts';
import { runbook } from './rule.ts';

const { queueSize, queueCapacity } = collectorMetrics;

interface RuleCase {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

/**
 * Cases for `promtool test rules`: each alert silent, at its boundary, and firing
 * (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/).
 */
export const ruleTests: readonly {
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly RuleCase[];
}[] = [
  {
    interval: '15s',
    input_series: [],
    alert_rule_test: [
      fires('Watchdog', '1m', {
        labels: { severity: 'none' },
        summary: 'Alerting works',
        description:
          'Fires always. If it stops, alerts no longer reach whoever should hear of them.',
      }),
    ],
  },
  {
    // Up for a minute, then gone.
    interval: '15s',
    input_series: [{ series: 'up{job="loki", instance="loki:3100"}', values: '1x4 0x20' }],
    alert_rule_test: [
      silent('TargetDown', '1m'),
      silent('TargetDown', '3m'),
      fires('TargetDown', '4m', {
        labels: { severity: 'critical', job: 'loki', instance: 'loki:3100' },
        summary: 'loki cannot be scraped',
        description: 'Prometheus has had no answer from loki:3100 for 2 minutes.',
      }),
    ],
  },
  {
    // Exactly 80 % is no alert; more than that is one, after two minutes.
    interval: '15s',
    input_series: [
      { series: `${queueSize}{exporter="otlp_http/loki", instance="c"}`, values: '80x20 81x20' },
      { series: `${queueCapacity}{exporter="otlp_http/loki", instance="c"}`, values: '100x40' },
    ],
    alert_rule_test: [
      silent('CollectorQueueFilling', '5m'),
      silent('CollectorQueueFilling', '7m'),
      fires('CollectorQueueFilling', '8m', {
        labels: { severity: 'warning', exporter: 'otlp_http/loki', instance: 'c' },
        summary: 'Telemetry waits for otlp_http/loki',
        description:
          'The queue of otlp_http/loki on c is 81% full. When it is full, senders have to wait.',
      }),
    ],
  },
];

function silent(alertname: string, at: string): RuleCase {
  return { eval_time: at, alertname, exp_alerts: [] };
}

interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

function fires(alertname: string, at: string, { labels, ...texts }: Firing): RuleCase {
  const annotations = { ...texts, runbook_url: runbook(alertname) };
  return {
    eval_time: at,
    alertname,
    exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }],
  };
}
