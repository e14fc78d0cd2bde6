import { stackMetrics } from '../stack.ts';
import type { DiscardSource } from './reason.ts';

const sameLabels = 'give each process its own service.instance.id';

/**
 * Samples that Prometheus rejects, pushed or scraped, and pages that it refuses (tsdb/head.go and
 * scrape/metrics.go at v3.16.0).
 * The counters prometheus_target_scrapes_sample_out_of_order_total and …_out_of_bounds_total count a
 * part of the same samples again.
 */
export const prometheusDiscards: DiscardSource = {
  job: 'prometheus',
  counters: [
    { metric: stackMetrics.prometheusTooOld, reason: { value: 'too_old' } },
    { metric: stackMetrics.prometheusOutOfOrder, reason: { value: 'out_of_order' } },
    { metric: stackMetrics.prometheusOutOfBound, reason: { value: 'out_of_bounds' } },
    { metric: stackMetrics.prometheusDuplicates, reason: { value: 'duplicate_timestamp' } },
    { metric: stackMetrics.prometheusSampleLimit, reason: { value: 'sample_limit' } },
    { metric: stackMetrics.prometheusBodySizeLimit, reason: { value: 'body_size_limit' } },
  ],
  reasons: {
    too_old: {
      cause: 'a sample older than out_of_order_time_window: a wrong clock, or a longer outage',
      action: 'correct the clock; after an outage none',
    },
    out_of_order: {
      cause:
        'an older sample than the newest of its series, of a kind that cannot be inserted later',
      action: `${sameLabels}: two senders may write the same series`,
    },
    out_of_bounds: {
      cause: 'a sample outside the time range that can still be written: a wrong clock',
      action: 'correct the clock of the sender or of its node',
    },
    duplicate_timestamp: {
      cause: 'a scraped page with two values for one series and time',
      action: 'correct the exporter that serves the page',
    },
    sample_limit: {
      cause:
        'the page of an annotated pod has more samples than prometheus.annotatedPods.sampleLimit',
      action: 'remove a label with too many values in the app',
      seeAlso: 'AnnotatedPodRefused',
      outcome: 'refused',
    },
    body_size_limit: {
      cause: 'the page of an annotated pod is larger than prometheus.annotatedPods.bodySizeLimit',
      action: 'remove a label with too many values in the app',
      seeAlso: 'AnnotatedPodRefused',
      outcome: 'refused',
    },
  },
};
