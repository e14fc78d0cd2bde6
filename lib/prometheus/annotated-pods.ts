import { SizeRoundingBehavior } from 'cdk8s';
import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';
import { annotatedPodsJob } from '../model/topology.ts';
import type { AnnotatedPodsSettings } from './settings.ts';

export const annotatedPodsSource = sourceFile(import.meta.filename);

const podMeta = (name: string) => `__meta_kubernetes_pod_${name}`;

function portByAnnotation(regex: string, replacement: string): ConfigObject {
  return {
    source_labels: [podMeta('ip'), podMeta('annotation_prometheus_io_port')],
    regex,
    replacement,
    target_label: '__address__',
  };
}

/**
 * Pods with the annotation `prometheus.io/scrape: "true"` and the usual annotations for port, path
 * and scheme. They belong to others, so each page is limited: a page above a limit is not stored.
 */
export function annotatedPodsScrapeConfig(settings: AnnotatedPodsSettings): ConfigObject {
  const { namespaces, sampleLimit, bodySizeLimit } = settings;
  const mebibytes = bodySizeLimit.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  return {
    job_name: annotatedPodsJob,
    // Small apps often send no Content-Type, which Prometheus 3 requires without this.
    fallback_scrape_protocol: 'PrometheusText0.0.4',
    sample_limit: sampleLimit,
    // Checked before the page is parsed. The samples of a page above sample_limit are parsed, and
    // the first of them become series in memory although none is stored.
    body_size_limit: `${mebibytes}MiB`,
    // The limits as metrics, with which the alert AnnotatedPodRefused names the pod.
    extra_scrape_metrics: true,
    kubernetes_sd_configs: [
      { role: 'pod', ...(namespaces !== 'all' && { namespaces: { names: namespaces } }) },
    ],
    relabel_configs: [
      {
        source_labels: [podMeta('annotation_prometheus_io_scrape')],
        regex: 'true',
        action: 'keep',
      },
      { source_labels: [podMeta('phase')], regex: 'Pending|Succeeded|Failed', action: 'drop' },
      // Pods in the network of their node: NetworkPolicies select no addresses of nodes.
      { source_labels: [podMeta('ip')], target_label: podMeta('host_ip'), action: 'dropequal' },
      {
        source_labels: [podMeta('annotation_prometheus_io_scheme')],
        regex: '(https?)',
        target_label: '__scheme__',
      },
      {
        source_labels: [podMeta('annotation_prometheus_io_path')],
        regex: '(.+)',
        target_label: '__metrics_path__',
      },
      // With a port annotation one target for each pod, otherwise one for each declared port.
      portByAnnotation('([^:]+);(\\d+)', '$1:$2'),
      portByAnnotation('(.*:.*);(\\d+)', '[$1]:$2'), // IPv6
      { source_labels: [podMeta('label_app_kubernetes_io_name')], target_label: 'service_name' },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'k8s_namespace_name' },
      { source_labels: [podMeta('name')], target_label: 'k8s_pod_name' },
    ],
    // Dashboards and alerts read these names, which Tempo generates from the spans of the same app.
    metric_relabel_configs: [
      {
        source_labels: ['__name__'],
        regex: 'traces_(spanmetrics|service_graph)_.+',
        action: 'drop',
      },
    ],
  };
}
