import { fires, type RuleTest, ruleTest, silent } from './case.ts';

const page = (pod: string, port: number) =>
  `job="annotated-pods", k8s_namespace_name="shops", k8s_pod_name="${pod}", instance="10.0.0.9:${port}"`;
const pod = (name: string) => ({ k8s_namespace_name: 'shops', k8s_pod_name: name });

const refused = (name: string, why: string) => ({
  labels: pod(name),
  component: 'annotated-pods',
  summary: `The metrics of pod ${name} are refused`,
  description: `Nothing of the metrics page of ${name} in namespace shops is stored: it ${why}.`,
});

const tooMany = (name: string, labels: Readonly<Record<string, string>>, number: string) => {
  return {
    labels,
    component: 'app',
    summary: `${name} has too many series`,
    description: `${name} has ${number} series (${labels.source}). Prometheus has memory for 150000 of all services together, and Tempo generates at most 30000 from spans. Look for a label with too many values.`,
  };
};

const calls = (service: string, environment: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `traces_spanmetrics_calls_total{service="${service}", deployment_environment_name="${environment}", span_name="${i}"}`,
      '1x40',
    ]),
  );

export const cardinalityTests: readonly RuleTest[] = [
  // 19 series for each of 789 names are 14991, less than half of 30,000.
  // A service of the same name in another environment is another service.
  ruleTest({ ...calls('chatty', 'production', 789), ...calls('chatty', 'staging', 790) }, [
    fires(
      'TooManySeries',
      '5m',
      tooMany(
        'chatty in staging',
        { service: 'chatty', deployment_environment_name: 'staging', source: 'span metrics' },
        '15.01k',
      ),
    ),
  ]),
  ruleTest({ ...calls('shop', 'production', 789) }, [silent('TooManySeries', '5m')]),
  // Pages that bring new series with every scrape: a fifth of 150,000 within an hour.
  ruleTest(
    {
      [`scrape_series_added{${page('till-0', 8080)}}`]: '750x60',
      [`scrape_series_added{${page('till-1', 8080)}}`]: '10000 0x60',
    },
    [
      silent('TooManySeries', '8m'),
      fires(
        'TooManySeries',
        '12m',
        tooMany(
          'till-0',
          {
            job: 'annotated-pods',
            ...pod('till-0'),
            instance: '10.0.0.9:8080',
            source: 'scraped page',
          },
          '36.75k',
        ),
      ),
    ],
  ),

  // One page within both limits, one with too many samples, one too large.
  ruleTest(
    {
      [`up{${page('till-0', 8080)}}`]: '1x24',
      [`scrape_samples_post_metric_relabeling{${page('till-0', 8080)}}`]: '10000x24',
      [`scrape_sample_limit{${page('till-0', 8080)}}`]: '10000x24',
      [`scrape_body_size_bytes{${page('till-0', 8080)}}`]: '1000000x24',
      [`up{${page('till-1', 8080)}}`]: '0x24',
      [`scrape_samples_post_metric_relabeling{${page('till-1', 8080)}}`]: '10001x24',
      [`scrape_sample_limit{${page('till-1', 8080)}}`]: '10000x24',
      [`scrape_body_size_bytes{${page('till-1', 8080)}}`]: '1000000x24',
      [`up{${page('till-2', 8080)}}`]: '0x24',
      [`scrape_samples_post_metric_relabeling{${page('till-2', 8080)}}`]: '0x24',
      [`scrape_sample_limit{${page('till-2', 8080)}}`]: '10000x24',
      [`scrape_body_size_bytes{${page('till-2', 8080)}}`]: '-1x24',
    },
    [
      silent('AnnotatedPodRefused', '1m45s'),
      fires(
        'AnnotatedPodRefused',
        '2m',
        refused(
          'till-1',
          'has 10001 samples, more than 10000 (prometheus.annotatedPods.sampleLimit)',
        ),
        refused('till-2', 'is larger than 2Mi (prometheus.annotatedPods.bodySizeLimit)'),
      ),
      silent('AnnotatedPodDown', '4m'),
      silent('TargetDown', '4m'),
    ],
  ),
  // One port of the pod serves no metrics, the other does.
  ruleTest({ [`up{${page('till-0', 9000)}}`]: '0x24', [`up{${page('till-0', 8080)}}`]: '1x24' }, [
    silent('AnnotatedPodDown', '4m'),
  ]),
  ruleTest(
    { [`up{${page('till-0', 9000)}}`]: '0x24', [`up{${page('till-0', 8080)}}`]: '1x4 0x20' },
    [
      silent('AnnotatedPodDown', '3m'),
      fires('AnnotatedPodDown', '4m', {
        labels: pod('till-0'),
        component: 'annotated-pods',
        summary: 'Pod till-0 cannot be scraped',
        description:
          'Prometheus has failed to scrape pod till-0 in namespace shops for 2m. It is annotated with prometheus.io/scrape.',
      }),
      silent('TargetDown', '4m'),
    ],
  ),

  // Others run Prometheus, Loki and a collector too; their failures are no alerts of this stack.
  ruleTest(
    {
      [`prometheus_rule_evaluation_failures_total{${page('theirs', 9090)}, rule_group="g"}`]:
        '0+1x80',
      [`prometheus_notifications_errors_total{${page('theirs', 9090)}}`]: '0+1x80',
      [`prometheus_tsdb_wal_corruptions_total{${page('theirs', 9090)}}`]: '1x80',
      [`prometheus_tsdb_head_series{${page('theirs', 9090)}}`]: '900000x80',
      [`prometheus_config_last_reload_successful{${page('theirs', 9090)}}`]: '0x80',
      [`loki_discarded_samples_total{${page('theirs', 3100)}, reason="rate_limited"}`]: '0+1x80',
      [`otelcol_receiver_refused_spans_total{${page('theirs', 8888)}, receiver="otlp"}`]: '0+9x80',
      [`otelcol_exporter_send_failed_spans_total{${page('theirs', 8888)}, exporter="otlp"}`]:
        '0+9x80',
      [`otelcol_exporter_queue_size{${page('theirs', 8888)}, exporter="otlp"}`]: '99x80',
      [`otelcol_exporter_queue_capacity{${page('theirs', 8888)}, exporter="otlp"}`]: '100x80',
    },
    [
      'RuleEvaluationFailing',
      'NotificationsFailing',
      'WalCorruption',
      'CardinalityNearLimit',
      'ConfigReloadFailed',
      'TelemetryDiscarded',
      'CollectorRefusing',
      'CollectorDropping',
      'CollectorExportFailing',
      'CollectorQueueFilling',
    ].map((name) => silent(name, '15m')),
  ),
];
