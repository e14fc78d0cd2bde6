import { Construct } from 'constructs';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, readyPaths } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import { prometheusConfig, type ScrapeTarget } from './config.ts';
import type { PrometheusSettings } from './settings.ts';

export interface PrometheusProps {
  readonly platform: Platform;
  readonly settings: PrometheusSettings;
  /** host:port */
  readonly alertmanager: string;
  readonly targets: readonly ScrapeTarget[];
  /** Rule files, by file name. */
  readonly rules: Readonly<Record<string, string>>;
}

/** The metric store, and the one that evaluates alerts on metrics. */
export class Prometheus extends Construct {
  constructor(scope: Construct, id: string, props: PrometheusProps) {
    super(scope, id);
    const { settings } = props;
    const { web } = ports.prometheus;
    const dataDir = '/prometheus';
    const configDir = '/etc/prometheus';
    const rulesDir = '/etc/prometheus-rules';
    const config = withExtraConfig(
      prometheusConfig({ ...props, ...settings, ruleFiles: `${rulesDir}/*.yaml` }),
      settings.extraConfig,
    );
    new Workload(this, 'workload', {
      name: 'prometheus',
      role: 'metric-store',
      image: images.prometheus,
      platform: props.platform,
      resources: settings,
      ports: [web],
      args: [
        `--config.file=${configDir}/prometheus.yaml`,
        `--storage.tsdb.path=${dataDir}`,
        `--web.listen-address=:${web.number}`,
        '--web.enable-otlp-receiver',
        '--web.enable-remote-write-receiver',
        '--enable-feature=exemplar-storage',
        ...settings.extraArgs,
      ],
      files: [
        {
          configMap: 'prometheus-config',
          mountPath: configDir,
          files: { 'prometheus.yaml': renderYaml(config) },
        },
        { configMap: 'prometheus-rules', mountPath: rulesDir, files: props.rules },
      ],
      data: { mountPath: dataDir, size: settings.storage },
      ready: { port: web, path: readyPaths.prometheus },
      live: { port: web, path: '/-/healthy' },
      // The write-ahead log of a busy server takes minutes to replay.
      startupSeconds: 900,
      terminationGracePeriodSeconds: 120,
      clusterRules: [
        { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      ],
    });
  }
}
