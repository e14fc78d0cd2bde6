import {
  inhibitRules,
  inhibitRulesSource,
  lokiRuleFiles,
  prometheusRuleFiles,
} from '../alerts/index.ts';
import { dashboardsOf } from '../dashboards/index.ts';
import { Alertmanager } from '../lib/alertmanager/alertmanager.ts';
import { Backup } from '../lib/backup/backup.ts';
import { backedUpStores } from '../lib/backup/settings.ts';
import { Collector } from '../lib/collector/collector.ts';
import { Grafana } from '../lib/grafana/grafana.ts';
import { metricsLogin } from '../lib/grafana/outside/metrics-login.ts';
import { Namespace } from '../lib/kubernetes/namespace.ts';
import { NetworkPolicies } from '../lib/kubernetes/network-policies.ts';
import { Loki } from '../lib/loki/loki.ts';
import { addressesFor } from '../lib/model/addresses.ts';
import { basePathOf } from '../lib/model/base-path.ts';
import { isEnabled } from '../lib/model/parts.ts';
import type { ScrapeTarget } from '../lib/prometheus/config.ts';
import { Prometheus } from '../lib/prometheus/prometheus.ts';
import type { Settings } from '../lib/schema.ts';
import { Tempo } from '../lib/tempo/tempo.ts';
import { componentProps, samplingProps } from './component-props.ts';
import type { AddManifest } from './manifest.ts';
import { type Own, ownFiles } from './own-files.ts';

/**
 * The stack: one manifest for each component, which gets the addresses of its edges in the topology.
 *
 * @param inCode the user's rules and dashboards that are given in code
 */
export function stack(settings: Settings, inCode: Own, add: AddManifest) {
  const { namespace } = settings;
  const own = ownFiles(settings, inCode);
  const collector = addressesFor('otel-collector', settings);
  const prometheus = addressesFor('prometheus', settings);
  const loki = addressesFor('loki', settings);
  const tempo = addressesFor('tempo', settings);
  const grafana = addressesFor('grafana', settings);
  const externalStores = { loki: settings.loki.external, tempo: settings.tempo.external };

  add('0000-namespace', undefined, (chart) => new Namespace(chart, 'namespace', namespace));
  if (settings.networkPolicies) {
    add('0010-network-policies', namespace, (chart) => {
      return new NetworkPolicies(chart, 'network-policies', settings);
    });
  }
  if (settings.backup.schedule !== undefined) {
    add('0650-backup', namespace, (chart) => {
      return new Backup(chart, 'backup', {
        settings,
        backup: { ...settings.backup, stores: backedUpStores(settings) },
        otlpUrl: addressesFor('backup', settings)('otlpHttp'),
      });
    });
  }
  return {
    collector: add('0100-otel-collector', namespace, (chart) => {
      return new Collector(chart, 'collector', {
        ...componentProps(settings, 'collector'),
        sampling: samplingProps(settings),
        clusterName: settings.clusterName,
        environment: settings.environment,
        metricsEndpoint: collector('prometheusOtlp'),
        logsEndpoint: collector('lokiOtlp'),
        tracesEndpoint: collector(
          externalStores.tempo === undefined ? 'tempoOtlp' : 'tempoOtlpHttp',
        ),
        externalStores,
      });
    }),
    prometheus: add('0200-prometheus', namespace, (chart) => {
      return new Prometheus(chart, 'prometheus', {
        ...componentProps(settings, 'prometheus'),
        alertmanagerUrl: prometheus('alertmanager'),
        targets: [
          { job: 'otel-collector', target: hostPort(prometheus('collectorMetrics')) },
          ...(['loki', 'tempo'] as const)
            .filter((name) => isEnabled(name, settings))
            .map((name) => ({ job: name, target: hostPort(prometheus(name)) })),
          {
            job: 'grafana',
            target: hostPort(prometheus('grafana')),
            basePath: basePathOf('grafana', settings),
            login: metricsLogin(settings.grafana),
          },
          { job: 'alertmanager', target: hostPort(prometheus('alertmanager')) },
          ...(settings.clusterView.enabled ? clusterViewTargets(prometheus) : []),
        ],
        rules: prometheusRuleFiles(settings),
        ownRules: own.prometheusRules,
      });
    }),
    alertmanager: add('0300-alertmanager', namespace, (chart) => {
      return new Alertmanager(chart, 'alertmanager', {
        ...componentProps(settings, 'alertmanager'),
        inhibitRules,
        inhibitRulesSource,
        templates: own.alertmanagerTemplates,
      });
    }),
    loki:
      externalStores.loki === undefined
        ? add('0400-loki', namespace, (chart) => {
            return new Loki(chart, 'loki', {
              ...componentProps(settings, 'loki'),
              alertmanagerUrl: loki('alertmanager'),
              remoteWriteUrl: loki('prometheusRemoteWrite'),
              rules: lokiRuleFiles(settings),
              ownRules: own.lokiRules,
            });
          })
        : undefined,
    rulesOfExternalLoki:
      externalStores.loki === undefined
        ? {}
        : Object.assign(
            {},
            lokiRuleFiles(settings).files,
            ...own.lokiRules.map(({ files }) => files),
          ),
    tempo:
      externalStores.tempo === undefined
        ? add('0500-tempo', namespace, (chart) => {
            return new Tempo(chart, 'tempo', {
              ...componentProps(settings, 'tempo'),
              remoteWriteUrl: tempo('prometheusRemoteWrite'),
              sampling: samplingProps(settings),
              maxSeries: settings.alerts.maxSeries,
            });
          })
        : undefined,
    grafana: add('0600-grafana', namespace, (chart) => {
      return new Grafana(chart, 'grafana', {
        ...componentProps(settings, 'grafana'),
        prometheusUrl: grafana('prometheus'),
        lokiUrl: grafana('loki'),
        tempoUrl: grafana('tempo'),
        alertmanagerUrl: grafana('alertmanager'),
        externalStores,
        dashboards: dashboardsOf(settings),
        ownDashboards: own.dashboards,
        ownDatasources: own.datasources,
        clusterDashboard: settings.clusterView.enabled,
      });
    }),
  };
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
