import type { App, Chart } from 'cdk8s';
import {
  inhibitRules,
  inhibitRulesSource,
  lokiRuleFiles,
  prometheusRuleFiles,
} from '../alerts/index.ts';
import { dashboardsOf } from '../dashboards/index.ts';
import { Alertmanager } from '../lib/alertmanager/alertmanager.ts';
import { Collector } from '../lib/collector/collector.ts';
import { Grafana } from '../lib/grafana/grafana.ts';
import { Namespace } from '../lib/kubernetes/namespace.ts';
import { NetworkPolicies } from '../lib/kubernetes/network-policies.ts';
import { Loki } from '../lib/loki/loki.ts';
import { addressesFor } from '../lib/model/addresses.ts';
import type { ScrapeTarget } from '../lib/prometheus/config.ts';
import { Prometheus } from '../lib/prometheus/prometheus.ts';
import type { Settings } from '../lib/schema.ts';
import { withPlacement } from '../lib/settings/placement.ts';
import { maxActiveSeries } from '../lib/tempo/settings.ts';
import { Tempo } from '../lib/tempo/tempo.ts';
import { manifest } from './manifest.ts';
import { ownFiles } from './own-files.ts';

/** The stack: one manifest for each component, which gets the addresses of its edges in the topology. */
export function stack(app: App, settings: Settings): void {
  const { namespace } = settings;
  const component = (id: `${number}-${string}`, build: (chart: Chart) => void) =>
    manifest(app, { id, namespace }, build);

  const own = ownFiles(settings);
  const collector = addressesFor('otel-collector', settings);
  const prometheus = addressesFor('prometheus', settings);
  const loki = addressesFor('loki', settings);
  const tempo = addressesFor('tempo', settings);
  const grafana = addressesFor('grafana', settings);

  manifest(app, { id: '0000-namespace' }, (chart) => {
    new Namespace(chart, 'namespace', namespace);
  });
  if (settings.networkPolicies) {
    component('0010-network-policies', (chart) => {
      new NetworkPolicies(chart, 'network-policies', settings);
    });
  }
  component('0100-otel-collector', (chart) => {
    new Collector(chart, 'collector', {
      platform: withPlacement(settings, settings.collector),
      settings: settings.collector,
      clusterName: settings.clusterName,
      environment: settings.environment,
      metricsEndpoint: collector('prometheusOtlp'),
      logsEndpoint: collector('lokiOtlp'),
      tracesEndpoint: collector('tempoOtlp'),
    });
  });
  component('0200-prometheus', (chart) => {
    new Prometheus(chart, 'prometheus', {
      platform: withPlacement(settings, settings.prometheus),
      settings: settings.prometheus,
      alertmanager: hostPort(prometheus('alertmanager')),
      targets: [
        { job: 'otel-collector', target: hostPort(prometheus('collectorMetrics')) },
        { job: 'loki', target: hostPort(prometheus('loki')) },
        { job: 'tempo', target: hostPort(prometheus('tempo')) },
        { job: 'grafana', target: hostPort(prometheus('grafana')) },
        { job: 'alertmanager', target: hostPort(prometheus('alertmanager')) },
        ...(settings.clusterView.enabled ? clusterViewTargets(prometheus) : []),
      ],
      rules: prometheusRuleFiles(settings),
      ownRules: own.prometheusRules,
    });
  });
  component('0300-alertmanager', (chart) => {
    new Alertmanager(chart, 'alertmanager', {
      platform: withPlacement(settings, settings.alertmanager),
      settings: settings.alertmanager,
      inhibitRules,
      inhibitRulesSource,
      templates: own.alertmanagerTemplates,
    });
  });
  component('0400-loki', (chart) => {
    new Loki(chart, 'loki', {
      platform: withPlacement(settings, settings.loki),
      settings: settings.loki,
      alertmanagerUrl: loki('alertmanager'),
      remoteWriteUrl: loki('prometheusRemoteWrite'),
      rules: lokiRuleFiles(settings),
      ownRules: own.lokiRules,
    });
  });
  component('0500-tempo', (chart) => {
    new Tempo(chart, 'tempo', {
      platform: withPlacement(settings, settings.tempo),
      settings: settings.tempo,
      remoteWriteUrl: tempo('prometheusRemoteWrite'),
      sampling: settings.collector.sampling,
      maxActiveSeries: maxActiveSeries(settings),
    });
  });
  component('0600-grafana', (chart) => {
    new Grafana(chart, 'grafana', {
      platform: withPlacement(settings, settings.grafana),
      settings: settings.grafana,
      urls: {
        prometheus: grafana('prometheus'),
        loki: grafana('loki'),
        tempo: grafana('tempo'),
        alertmanager: grafana('alertmanager'),
      },
      dashboards: dashboardsOf(settings),
      ownDashboards: own.dashboards,
      ownDatasources: own.datasources,
      clusterDashboard: settings.clusterView.enabled,
    });
  });
}

/** The scrape targets in the cluster view. */
function clusterViewTargets(
  prometheus: ReturnType<typeof addressesFor<'prometheus'>>,
): ScrapeTarget[] {
  return [
    { job: 'kube-state-metrics', target: hostPort(prometheus('kubeStateMetrics')) },
    { job: 'event-collector', target: hostPort(prometheus('eventCollectorMetrics')) },
    { job: 'node-collector', target: hostPort(prometheus('nodeCollectorMetrics')), eachPod: true },
  ];
}

/** The host and port of a URL, which is the format of scrape targets. */
function hostPort(url: string): string {
  return new URL(url).host;
}
