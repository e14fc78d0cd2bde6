import { stackMetrics } from '../stack.ts';
import type { DiscardSource } from './reason.ts';

const longTrace =
  'end the trace earlier, such as one around a whole process; or raise max_bytes_per_trace in tempo.extraConfig';
const invalidId = 'correct the sender; the collector replaces ids that are zero or missing';

/**
 * Spans that Tempo discards (modules/overrides/discarded_spans.go at v3.0.3), and spans that it
 * stores but does not count in span metrics (modules/generator/instance.go), or counts without
 * their service (modules/generator/localserieslimiter).
 */
export const tempoDiscards: DiscardSource = {
  job: 'tempo',
  counters: [
    { metric: stackMetrics.tempoDiscarded, reason: { label: 'reason' } },
    {
      metric: stackMetrics.tempoGeneratorDiscarded,
      reason: { label: 'reason' },
      // Filter policies in the user's tempo.extraConfig.
      except: ['span_metrics_filtered', 'service_graphs_filtered'],
    },
    { metric: stackMetrics.tempoGeneratorLimited, reason: { value: 'max_active_series' } },
  ],
  reasons: {
    trace_too_large: { cause: 'a trace larger than 5 MB', action: longTrace },
    trace_too_large_to_compact: {
      cause: 'a trace larger than 5 MB after its blocks were merged',
      action: longTrace,
    },
    live_traces_exceeded: {
      cause: 'more traces at the same time than max_traces_per_user allows',
      action: 'remove max_traces_per_user from tempo.extraConfig, or sample',
    },
    invalid_trace_id: { cause: 'a trace id that is not 16 bytes', action: invalidId },
    invalid_span_id: { cause: 'a span id that is zero or not 8 bytes', action: invalidId },
    unknown_error: {
      cause: 'an error without a reason of its own',
      action: "read Tempo's log; its volume may be full",
      seeAlso: 'VolumeAlmostFull',
    },
    rate_limited: {
      cause: 'more spans per second than ingestion.rate_limit_bytes allows',
      action: 'sample, or raise the limit in tempo.extraConfig',
      outcome: 'retried',
    },
    outside_metrics_ingestion_slack: {
      cause:
        'a span that ended longer before or after its arrival than ingestion_time_range_slack: a wrong clock, a sender that was late, or a queue that drained after an outage',
      action: 'correct the clock of the sender or of its node; after an outage none',
      outcome: 'uncounted',
    },
    max_active_series: {
      cause:
        'spans need more series than tempo.maxActiveSeries: a service has span names or routes without limit; new series of all other services are missing too',
      action: 'correct the names at the sender, or with collector.transform',
      seeAlso: 'TooManySeries',
      outcome: 'uncounted',
    },
    invalid_utf8: {
      cause: 'a span name, service name or attribute that is not valid UTF-8',
      action: 'correct the sender',
      outcome: 'uncounted',
    },
  },
};
