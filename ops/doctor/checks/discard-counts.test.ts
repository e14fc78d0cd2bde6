import { parsePage } from '../../stores/exposition.ts';
import { adviceOn, describeCounts, discardsSince, isStored } from './discard-counts.ts';

const before = parsePage('loki_discarded_samples_total{reason="rate_limited"} 5');
const now = parsePage(`
loki_discarded_samples_total{reason="rate_limited",tenant="a"} 7
loki_discarded_samples_total{reason="too_far_behind",tenant="a"} 1
loki_discarded_samples_total{reason="too_far_behind",tenant="b"} 2
`);

test('items are counted by reason, and only those of this run', () => {
  const counts = discardsSince('loki', now, before);
  expect(describeCounts(counts)).toBe('rate_limited 2, too_far_behind 3');
  expect(describeCounts(discardsSince('loki', now))).toBe('rate_limited 7, too_far_behind 3');
  expect(discardsSince('loki', now, now)).toEqual([]);
});

test('after a restart everything counts', () => {
  expect(describeCounts(discardsSince('loki', before, now))).toBe('rate_limited 5');
});

test('the advice has cause and action; an unknown reason is named', () => {
  expect(adviceOn(discardsSince('loki', now, before))).toMatch(
    /^loki discarded rate_limited: more lines per second .*; loki discarded too_far_behind: a line too far/,
  );
  const later = parsePage('tempo_discarded_spans_total{reason="new_one"} 1');
  expect(adviceOn(discardsSince('tempo', later))).toMatch(/^tempo discarded new_one \(docs/);
});

test('of the collector only its own filter counts, of the generator all but filter policies', () => {
  const filters = parsePage(`
otelcol_processor_filter_spans_filtered_total{filter="filter/drop"} 900
otelcol_processor_filter_spans_filtered_total{filter="filter/invalid"} 2
otelcol_processor_filter_datapoints_filtered_total{filter="filter/invalid"} 1
`);
  expect(describeCounts(discardsSince('otel-collector', filters))).toBe('filter/invalid 3');
  const spans = parsePage(`
tempo_metrics_generator_spans_discarded_total{processor="all",reason="outside_metrics_ingestion_slack"} 4
tempo_metrics_generator_spans_discarded_total{processor="span-metrics",reason="span_metrics_filtered"} 9
`);
  const counts = discardsSince('tempo', spans);
  expect(describeCounts(counts)).toBe('outside_metrics_ingestion_slack 4');
  expect(counts.every(isStored)).toBe(true);
});
