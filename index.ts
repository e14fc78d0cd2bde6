/** Mantis as a library: the whole stack, and each component alone. */

export type { OwnAlert, OwnRecordingRule, OwnRuleGroup } from './alerts/own/rule-file.ts';
export { Mantis, type MantisProps } from './charts/mantis.ts';
export { TestApp, type TestAppProps } from './charts/test-app.ts';
export type { OwnDashboardModel } from './dashboards/own.ts';
export { Alertmanager, type AlertmanagerProps } from './lib/alertmanager/alertmanager.ts';
export type { AlertmanagerOptions } from './lib/alertmanager/options.ts';
export { Collector, type CollectorProps } from './lib/collector/collector.ts';
export type { CollectorOptions } from './lib/collector/options.ts';
export type { SamplingInput } from './lib/collector/telemetry-settings.ts';
export { Grafana, type GrafanaProps } from './lib/grafana/grafana.ts';
export type { GrafanaOptions } from './lib/grafana/options.ts';
export { Namespace, type PodSecurityLevel } from './lib/kubernetes/namespace.ts';
export { Loki, type LokiProps } from './lib/loki/loki.ts';
export type { LokiOptions } from './lib/loki/options.ts';
export type { ConfigFiles, NamedConfigFiles } from './lib/model/config-file.ts';
export { version } from './lib/model/version.ts';
export type { ScrapeTarget } from './lib/prometheus/config.ts';
export type { PrometheusOptions } from './lib/prometheus/options.ts';
export { Prometheus, type PrometheusProps } from './lib/prometheus/prometheus.ts';
export type { Settings, SettingsInput } from './lib/schema.ts';
export type { ComponentOptions } from './lib/settings/component.ts';
export { SettingsError } from './lib/settings/error.ts';
export type { PodOptions } from './lib/settings/pod-options.ts';
export type { TempoOptions } from './lib/tempo/options.ts';
export { Tempo, type TempoProps } from './lib/tempo/tempo.ts';
export { loadSettings, type SettingsSource } from './settings/load.ts';
