import { fires, type RuleTest, ruleTest, silent } from './case.ts';

const discarded = (job: string, reason: string, number: string, outcome = 'They are lost.') => ({
  labels: { job, reason },
  component: job,
  summary: `${job} discards telemetry: ${reason}`,
  description: `${job} discarded ${number} samples, lines or spans within 5m, because of ${reason}. ${outcome}`,
});

const retried = 'The collector sends them again until they are accepted.';
const uncounted =
  'They are stored, but missing in request rates, error rates and latencies, and in alerts on them.';

const refused = 'Nothing of that page is stored; AnnotatedPodRefused names the pod.';

const tooOld = 'prometheus_tsdb_too_old_samples_total{job="prometheus", type="float"}';
const loki = (reason: string) =>
  `loki_discarded_samples_total{job="loki", reason="${reason}", tenant="fake"}`;
const tempo = (reason: string) =>
  `tempo_discarded_spans_total{job="tempo", reason="${reason}", tenant="t"}`;
const generator = (reason: string) =>
  `tempo_metrics_generator_spans_discarded_total{job="tempo", processor="all", reason="${reason}", tenant="t"}`;
const filtered = (what: string, filter: string) =>
  `otelcol_processor_filter_${what}_filtered_total{job="otel-collector", instance="c", filter="${filter}"}`;

export const discardTests: readonly RuleTest[] = [
  // Counters that stand still.
  ruleTest({ [tooOld]: '0x40', [loki('rate_limited')]: '5x40', [generator('a')]: '3x40' }, [
    silent('TelemetryDiscarded', '8m'),
  ]),
  ruleTest(
    {
      [tooOld]: '0x20 19x40',
      [loki('too_far_behind')]: '_x20 5x40',
      [loki('rate_limited')]: '_x20 8x40',
      [tempo('trace_too_large')]: '_x20 6x40',
      [tempo('rate_limited')]: '_x20 4x40',
    },
    [
      fires(
        'TelemetryDiscarded',
        '6m',
        discarded('prometheus', 'too_old', '19'),
        discarded('loki', 'too_far_behind', '5'),
        discarded('loki', 'rate_limited', '8', retried),
        discarded('tempo', 'trace_too_large', '6'),
        discarded('tempo', 'rate_limited', '4', retried),
      ),
      silent('TelemetryDiscarded', '11m'),
    ],
  ),
  // Spans that are stored, but not counted; a filter policy of the user is no discard.
  ruleTest(
    {
      [generator('outside_metrics_ingestion_slack')]: '0x20 40x40',
      [generator('span_metrics_filtered')]: '0x20 40x40',
    },
    [
      fires(
        'TelemetryDiscarded',
        '6m',
        discarded('tempo', 'outside_metrics_ingestion_slack', '40', uncounted),
      ),
      silent('TelemetryDiscarded', '11m'),
    ],
  ),
  // Spans without a series of their own, and refused pages.
  ruleTest(
    {
      'tempo_metrics_generator_registry_series_limited_total{job="tempo", tenant="t"}':
        '0x20 38x40',
      'prometheus_target_scrapes_exceeded_sample_limit_total{job="prometheus"}': '0x20 2x40',
      'prometheus_target_scrapes_exceeded_body_size_limit_total{job="prometheus"}': '0x20 3x40',
    },
    [
      fires(
        'TelemetryDiscarded',
        '6m',
        discarded('tempo', 'max_active_series', '38', uncounted),
        discarded('prometheus', 'sample_limit', '2', refused),
        discarded('prometheus', 'body_size_limit', '3', refused),
      ),
      silent('TelemetryDiscarded', '11m'),
    ],
  ),
  // Two signals dropped by the filter of Mantis; drops that the user configured are no discards.
  ruleTest(
    {
      [filtered('datapoints', 'filter/invalid')]: '0x20 3x40',
      [filtered('spans', 'filter/invalid')]: '_x20 2x40',
      [filtered('spans', 'filter/drop')]: '0x20 900x40',
      [filtered('logs', 'filter/own')]: '0x20 900x40',
    },
    [
      fires('TelemetryDiscarded', '6m', discarded('otel-collector', 'filter/invalid', '5')),
      silent('TelemetryDiscarded', '11m'),
    ],
  ),
];
