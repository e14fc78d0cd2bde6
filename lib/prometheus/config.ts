import { type Duration, type Size, SizeRoundingBehavior } from 'cdk8s';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { endpoints } from '../model/topology.ts';
import { promotedAttributes } from '../telemetry/app.ts';
import { timeLimits } from '../telemetry/limits.ts';
import { scrapeInterval, stackMetrics } from '../telemetry/stack.ts';
import { annotatedPodsScrapeConfig, annotatedPodsSource } from './annotated-pods.ts';
import type { AnnotatedPodsSettings } from './settings.ts';

export const prometheusConfigSources = [sourceFile(import.meta.filename), annotatedPodsSource];

/** A login for basic authentication. */
export interface ScrapeLogin {
  readonly username: string;
  /** Name of an existing Secret, which Prometheus mounts. */
  readonly secret: string;
  /** The file with the password in it: `/etc/secrets/<name>/<key>`. */
  readonly passwordFile: string;
}

/** A scrape job with one target. */
export interface ScrapeTarget {
  readonly job: string;
  /** host:port */
  readonly target: string;
  /** The path of its URL, below which its metrics are. @default - none */
  readonly basePath?: string;
  /** The login of its metrics, such as `metricsLogin` of Grafana. @default - none */
  readonly login?: ScrapeLogin;
  /** The host is a headless Service, each of whose pods is scraped. @default false */
  readonly eachPod?: boolean;
}

export interface PrometheusConfigProps {
  readonly retention: Duration;
  readonly storage: Size;
  /** @default - alerts notify nobody */
  readonly alertmanagerUrl?: string;
  readonly targets: readonly ScrapeTarget[];
  readonly annotatedPods: AnnotatedPodsSettings;
  /** Entries of remote_write. */
  readonly remoteWrite: readonly ConfigObject[];
  /** Glob of the mounted rule files. */
  readonly ruleFiles: string;
}

/** The metrics of kubelet and cAdvisor that are kept, as regular expressions. */
const keptMetrics = {
  cadvisor: [
    'container_cpu_usage_seconds_total',
    'container_cpu_cfs_throttled_seconds_total',
    'container_memory_working_set_bytes',
    'container_memory_rss',
    'container_oom_events_total',
    'container_network_(receive|transmit)_bytes_total',
    'container_fs_usage_bytes',
    'container_spec_memory_limit_bytes',
  ],
  kubelet: [
    'kubelet_volume_stats_(available|capacity|used)_bytes',
    'kubelet_volume_stats_inodes_(free|used)',
    'kubelet_running_(pods|containers)',
    stackMetrics.kubeletCertificateTtl,
  ],
};

/**
 * The configuration of Prometheus: receives OTLP, scrapes the stack itself
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/; 3.16).
 */
export function prometheusConfig(props: PrometheusConfigProps): ConfigObject {
  const volume = props.storage.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  return {
    global: {
      scrape_interval: scrapeInterval,
      evaluation_interval: scrapeInterval,
      // Rules must not evaluate an interval whose pushed samples have not all arrived.
      rule_query_offset: '30s',
      scrape_native_histograms: true,
    },
    storage: {
      tsdb: {
        // Samples from the collector's queue arrive late.
        out_of_order_time_window: `${timeLimits.sampleWindow.toHours()}h`,
        // The write-ahead log counts too but cannot be deleted, so a fifth of the volume stays
        // free.
        retention: {
          time: `${props.retention.toHours()}h`,
          size: `${Math.floor(volume * 0.8)}MiB`,
        },
      },
      exemplars: { max_exemplars: 100_000 },
    },
    otlp: {
      promote_resource_attributes: promotedAttributes,
      keep_identifying_resource_attributes: true,
      // Labels otel_scope_*, as in the Prometheus exporters of OpenTelemetry
      // (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/):
      // without them one metric of two instrumentation scopes is one series, and one of its two
      // samples is lost.
      promote_scope_metadata: true,
    },
    rule_files: [props.ruleFiles],
    ...(props.remoteWrite.length > 0 && { remote_write: props.remoteWrite }),
    ...(props.alertmanagerUrl && { alerting: alerting(new URL(props.alertmanagerUrl)) }),
    scrape_configs: [
      {
        job_name: 'prometheus',
        static_configs: [{ targets: [`localhost:${ports.prometheus.web.number}`] }],
      },
      ...props.targets.map(({ job, target, basePath = '', login, eachPod }) => ({
        job_name: job,
        metrics_path: `${basePath}${endpoints.collectorMetrics.path}`,
        ...(login && {
          basic_auth: { username: login.username, password_file: login.passwordFile },
        }),
        ...(eachPod ? dnsServiceDiscovery(target) : { static_configs: [{ targets: [target] }] }),
      })),
      kubelet('kubelet', '/metrics', keptMetrics.kubelet),
      kubelet('cadvisor', '/metrics/cadvisor', keptMetrics.cadvisor),
      ...(props.annotatedPods.enabled ? [annotatedPodsScrapeConfig(props.annotatedPods)] : []),
    ],
  };
}

/** The scheme is only written where it is not the default. */
function alerting({ protocol, host, pathname }: URL): ConfigObject {
  return {
    alertmanagers: [
      {
        ...(protocol === 'https:' && { scheme: 'https' }),
        ...(pathname !== '/' && { path_prefix: pathname }),
        static_configs: [{ targets: [host] }],
      },
    ],
  };
}

/** Discovers the addresses of a headless Service in DNS. */
function dnsServiceDiscovery(target: string): ConfigObject {
  const [name = '', port = ''] = target.split(':');
  return { dns_sd_configs: [{ names: [name], type: 'A', port: Number(port) }] };
}

function kubelet(job: string, path: string, names: readonly string[]): ConfigObject {
  return {
    job_name: job,
    kubernetes_sd_configs: [{ role: 'node' }],
    scheme: 'https',
    metrics_path: path,
    authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    // In most clusters the kubelet's serving certificate is self-signed and cannot be verified.
    tls_config: { insecure_skip_verify: true },
    relabel_configs: [{ source_labels: ['__meta_kubernetes_node_name'], target_label: 'node' }],
    metric_relabel_configs: [
      { source_labels: ['__name__'], regex: names.join('|'), action: 'keep' },
    ],
  };
}
