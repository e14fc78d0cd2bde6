/**
 * Metrics of the stack's components and of Kubernetes that dashboards and alerts query, by their
 * names in Prometheus. All were checked on a running stack, except for volume metrics, which kind
 * does not report.
 */
export const stackMetrics = {
  up: 'up',
  alerts: 'ALERTS',
  alertsForState: 'ALERTS_FOR_STATE',
  scrapeDuration: 'scrape_duration_seconds',
  scrapedSamples: 'scrape_samples_post_metric_relabeling',
  scrapedSeriesAdded: 'scrape_series_added',
  /** Only of jobs with extra_scrape_metrics. */
  scrapeSampleLimit: 'scrape_sample_limit',
  /** -1 for a page above the limit; only of jobs with extra_scrape_metrics. */
  scrapedBodyBytes: 'scrape_body_size_bytes',
  processMemory: 'process_resident_memory_bytes',

  containerCpu: 'container_cpu_usage_seconds_total',
  containerMemory: 'container_memory_working_set_bytes',
  containerMemoryLimit: 'container_spec_memory_limit_bytes',
  volumeUsed: 'kubelet_volume_stats_used_bytes',
  volumeAvailable: 'kubelet_volume_stats_available_bytes',
  volumeCapacity: 'kubelet_volume_stats_capacity_bytes',

  prometheusSamples: 'prometheus_tsdb_head_samples_appended_total',
  prometheusSeries: 'prometheus_tsdb_head_series',
  prometheusQuerySeconds: 'prometheus_engine_query_duration_seconds',
  prometheusBlocksBytes: 'prometheus_tsdb_storage_blocks_bytes',
  prometheusWalBytes: 'prometheus_tsdb_wal_storage_size_bytes',
  prometheusChunkBytes: 'prometheus_tsdb_compaction_chunk_size_bytes_sum',
  prometheusChunkSamples: 'prometheus_tsdb_compaction_chunk_samples_sum',
  prometheusCompactions: 'prometheus_tsdb_compactions_total',
  prometheusCompactionsFailed: 'prometheus_tsdb_compactions_failed_total',
  prometheusRuleFailures: 'prometheus_rule_evaluation_failures_total',
  prometheusRuleSeconds: 'prometheus_rule_group_last_duration_seconds',
  prometheusOutOfOrder: 'prometheus_tsdb_out_of_order_samples_total',
  prometheusOutOfBound: 'prometheus_tsdb_out_of_bound_samples_total',
  prometheusTooOld: 'prometheus_tsdb_too_old_samples_total',
  prometheusDuplicates: 'prometheus_target_scrapes_sample_duplicate_timestamp_total',
  prometheusSampleLimit: 'prometheus_target_scrapes_exceeded_sample_limit_total',
  prometheusBodySizeLimit: 'prometheus_target_scrapes_exceeded_body_size_limit_total',
  prometheusWalCorruptions: 'prometheus_tsdb_wal_corruptions_total',
  prometheusChunkCorruptions: 'prometheus_tsdb_mmap_chunk_corruptions_total',
  prometheusConfigReloaded: 'prometheus_config_last_reload_successful',
  prometheusExemplars: 'prometheus_tsdb_exemplar_exemplars_appended_total',
  prometheusNotificationsDropped: 'prometheus_notifications_dropped_total',
  prometheusNotificationErrors: 'prometheus_notifications_errors_total',

  lokiLines: 'loki_distributor_lines_received_total',
  lokiBytes: 'loki_distributor_bytes_received_total',
  lokiDiscarded: 'loki_discarded_samples_total',
  lokiStreams: 'loki_ingester_memory_streams',
  lokiRequestSeconds: 'loki_request_duration_seconds',
  lokiWalUse: 'loki_ingester_wal_disk_usage_percent',
  lokiWalBytes: 'loki_ingester_wal_bytes_in_use',
  lokiCompressionSum: 'loki_ingester_chunk_compression_ratio_sum',
  lokiCompressionCount: 'loki_ingester_chunk_compression_ratio_count',
  lokiFlushFailures: 'loki_ingester_chunks_flush_failures_total',
  lokiCompactions: 'loki_boltdb_shipper_compact_tables_operation_total',
  lokiRetentionRun: 'loki_compactor_apply_retention_last_successful_run_timestamp_seconds',
  lokiPanics: 'loki_panic_total',
  lokiWalCorruptions: 'loki_ingester_wal_corruptions_total',
  lokiRulerWalCorruptions: 'loki_ruler_wal_corruptions_total',
  lokiRuleFailures: 'loki_prometheus_rule_evaluation_failures_total',
  lokiNotificationErrors: 'loki_prometheus_notifications_errors_total',
  lokiRulesReloaded: 'loki_ruler_config_last_reload_successful',

  tempoSpans: 'tempo_distributor_spans_received_total',
  tempoBytes: 'tempo_distributor_bytes_received_total',
  tempoDiscarded: 'tempo_discarded_spans_total',
  tempoRefused: 'tempo_receiver_refused_spans',
  tempoRequestSeconds: 'tempo_request_duration_seconds',
  /** A native histogram, queried with histogram_sum. */
  tempoFlushedBytes: 'tempo_live_store_local_flush_size_bytes',
  tempoStoredBytes: 'tempodb_backend_bytes_total',
  tempoBlocks: 'tempodb_blocklist_length',
  tempoCompacted: 'tempodb_compaction_blocks_total',
  tempoCompactionErrors: 'tempodb_compaction_errors_total',
  tempoFlushFailures: 'tempo_live_store_failed_completions_total',
  tempoGeneratorSeries: 'tempo_metrics_generator_registry_active_series',
  tempoGeneratorLimited: 'tempo_metrics_generator_registry_series_limited_total',
  tempoGeneratorDiscarded: 'tempo_metrics_generator_spans_discarded_total',

  alertmanagerAlerts: 'alertmanager_alerts',
  alertmanagerNotifications: 'alertmanager_notifications_total',
  alertmanagerNotificationsFailed: 'alertmanager_notifications_failed_total',
  alertmanagerSilences: 'alertmanager_silences',
  alertmanagerConfigReloaded: 'alertmanager_config_last_reload_successful',
} as const;

/** Scrape interval and rule evaluation interval. */
export const scrapeInterval = '15s';
