import { stackMetrics } from '../stack.ts';
import type { DiscardSource } from './reason.ts';

const splitResource = 'remove the limit from loki.extraConfig, or attributes at the sender';
const longLabel =
  'shorten it at the sender; Mantis makes labels of service, namespace, cluster and environment only';
const tooMuch = 'send fewer lines, or raise the limit with loki.extraConfig';
const notUsed = 'only with settings in loki.extraConfig: remove them, or correct the sender';

/**
 * Log lines that Loki discards (pkg/validation/validate.go at v3.7.8). It answers 429 for limits on
 * the rate and on streams, and the collector sends those lines again.
 */
export const lokiDiscards: DiscardSource = {
  job: 'loki',
  counters: [{ metric: stackMetrics.lokiDiscarded, reason: { label: 'reason' } }],
  reasons: {
    greater_than_max_sample_age: {
      cause: 'a line older than loki.retention: a wrong clock, or old files that are read again',
      action: 'correct the clock, or raise loki.retention',
    },
    too_far_in_future: {
      cause: 'a line more than ten minutes ahead: a wrong clock',
      action: 'correct the clock of the sender or of its node',
    },
    too_far_behind: {
      cause:
        'a line too far behind the newest line of its stream, with time_sharding_enabled off in loki.extraConfig',
      action: 'remove shard_streams from loki.extraConfig, or correct the clock of the sender',
    },
    out_of_order: {
      cause: 'a line older than the newest line of its stream, with unordered_writes off',
      action: 'remove unordered_writes from loki.extraConfig',
    },
    structured_metadata_too_large: {
      cause:
        'attributes of the record, its scope and its resource together exceed max_structured_metadata_size',
      action: splitResource,
    },
    structured_metadata_too_many: {
      cause:
        'the record, its scope and its resource together have more attributes than max_structured_metadata_entries_count',
      action: splitResource,
    },
    disallowed_structured_metadata: {
      cause: 'structured metadata is switched off',
      action: 'remove allow_structured_metadata from loki.extraConfig',
    },
    line_too_long: {
      cause: 'a line longer than max_line_size, with truncation switched off',
      action: 'remove max_line_size_truncate from loki.extraConfig',
    },
    label_value_too_long: {
      cause: 'an attribute that is a label, such as service.name, exceeds max_label_value_length',
      action: longLabel,
    },
    label_name_too_long: { cause: 'a label name exceeds 1 KB', action: longLabel },
    max_label_names_per_series: {
      cause: 'a stream has more than 15 labels',
      action: 'make labels of fewer attributes in loki.extraConfig',
      seeAlso: 'CardinalityNearLimit',
    },
    duplicate_label_names: {
      cause: 'two attributes become the same label, such as service.name and service_name',
      action: 'remove one of them at the sender',
    },
    missing_labels: { cause: 'a stream without labels', action: 'set service.name at the sender' },
    invalid_labels: {
      cause: 'labels that cannot be parsed',
      action: 'look for unusual characters in service.name and the namespace',
    },
    missing_enforced_labels: { cause: 'a required label is missing', action: notUsed },
    blocked_ingestion: { cause: 'ingestion is blocked', action: notUsed },
    blocked_ingestion_policy: { cause: 'ingestion is blocked by a policy', action: notUsed },
    request_body_too_large: {
      cause: 'a request larger than Loki accepts',
      action: 'lower batch.max_size of the exporter in collector.extraConfig',
    },
    rate_limited: {
      cause: 'more lines per second than ingestion_rate_mb allows',
      action: tooMuch,
      seeAlso: 'HighLogVolume',
      outcome: 'retried',
    },
    per_stream_rate_limit: {
      cause: 'more lines per second in one stream than per_stream_rate_limit allows',
      action: tooMuch,
      seeAlso: 'HighLogVolume',
      outcome: 'retried',
    },
    stream_limit: {
      cause: 'more active streams than max_global_streams_per_user allows',
      action: 'find the label with too many values',
      seeAlso: 'CardinalityNearLimit',
      outcome: 'retried',
    },
  },
};
