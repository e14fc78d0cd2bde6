import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { addressesOf } from '../kubernetes/component-address.ts';
import { proxyVariables } from '../kubernetes/egress-proxy.ts';
import { Workload } from '../kubernetes/workload.ts';
import {
  type ConfigFiles,
  type ConfigObject,
  type NamedConfigFiles,
  noFiles,
  renderYaml,
  withExtraConfig,
} from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { withSecret } from '../settings/common.ts';
import { type ComponentOptions, platformOf, settingsFromProps } from '../settings/component.ts';
import { prometheusConfig, prometheusConfigSources, type ScrapeTarget } from './config.ts';
import type { PrometheusOptions } from './options.ts';
import { prometheusSettings } from './settings.ts';

export interface PrometheusProps extends ComponentOptions, PrometheusOptions {
  /** URL of the Alertmanager that is notified. @default - alerts notify nobody */
  readonly alertmanagerUrl?: string;
  /**
   * Scrape jobs, in addition to Prometheus itself, the nodes and annotated pods.
   * @default - none
   */
  readonly targets?: readonly ScrapeTarget[];
  /** Rule files. @default - none */
  readonly rules?: ConfigFiles;
  /**
   * The user's own rule files, such as those that `ownRuleFiles()` makes of groups in code.
   * @default - none
   */
  readonly ownRules?: readonly NamedConfigFiles[];
}

/** The metric store, which also evaluates recording rules and alerts on metrics. */
export class Prometheus extends Construct {
  /** URL of its API, as in data sources. */
  readonly url: string;
  /** URL to which OTLP exporters send metrics over HTTP. */
  readonly otlpEndpoint: string;
  /** URL that receives remote writes. */
  readonly remoteWriteUrl: string;

  /** @throws SettingsError with a line for each wrong prop, or if the chart has no namespace */
  constructor(scope: Construct, id: string, props: PrometheusProps = {}) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const settings = settingsFromProps(prometheusSettings, this, props, ['rules']);
    const address = addressesOf(this, props);
    this.url = address('prometheus');
    this.otlpEndpoint = address('prometheusOtlp');
    this.remoteWriteUrl = address('prometheusRemoteWrite');
    const { web } = ports.prometheus;
    const dataDir = '/prometheus';
    const configDir = '/etc/prometheus';
    const rulesDir = '/etc/prometheus-rules';
    const platform = platformOf(this, props);
    const usesProxy = settings.remoteWrite.length > 0 && platform.egressProxy.url !== undefined;
    const config = withExtraConfig(
      prometheusConfig({
        ...settings,
        remoteWrite: usesProxy ? settings.remoteWrite.map(throughProxy) : settings.remoteWrite,
        alertmanagerUrl: props.alertmanagerUrl,
        targets: props.targets ?? [],
        ruleFiles: `${rulesDir}/*.yaml`,
      }),
      settings.extraConfig,
    );
    const logins = (props.targets ?? []).flatMap(({ login }) => login?.secret ?? []);
    new Workload(this, 'workload', {
      name: 'prometheus',
      component: 'metric-store',
      image: images.prometheus,
      platform,
      resources: settings,
      mounts: {
        ...withSecret(settings, ...logins),
        // Without one only its target cannot be scraped.
        optionalSecrets: logins.filter((name) => !settings.mountedSecrets.includes(name)),
      },
      ports: [web],
      args: [
        `--config.file=${configDir}/prometheus.yaml`,
        `--storage.tsdb.path=${dataDir}`,
        `--web.listen-address=:${web.number}`,
        '--web.enable-otlp-receiver',
        '--web.enable-remote-write-receiver',
        // The latter stores a counter's start as 0, without which the first value of a series, and so
        // a job that sends once, is in no rate.
        '--enable-feature=exemplar-storage,created-timestamp-zero-ingestion',
        `--query.max-samples=${maxQuerySamples(settings.memoryLimit)}`,
        ...settings.extraArgs,
      ],
      env: usesProxy ? proxyVariables(platform.egressProxy, props.clusterDomain) : [],
      files: [
        {
          configMap: 'prometheus-config',
          mountPath: configDir,
          files: { 'prometheus.yaml': renderYaml(config) },
          sources: prometheusConfigSources,
        },
        { configMap: 'prometheus-rules', mountPath: rulesDir, ...(props.rules ?? noFiles) },
        ...(props.ownRules ?? []).map(({ name, files, sources }) => ({
          configMap: `prometheus-rules-${name}`,
          mountPath: rulesDir,
          files,
          sources,
        })),
      ],
      kind: 'stateful',
      volumeClaim: { mountPath: dataDir, size: settings.storage },
      readinessProbe: { port: web, path: services.prometheus.readyPath },
      livenessProbe: { port: web, path: '/-/healthy' },
      // The write-ahead log of a busy server takes minutes to replay.
      startupDeadlineSeconds: 900,
      terminationGracePeriodSeconds: 120,
      clusterRoleRules: [
        {
          apiGroups: [''],
          // Nodes are discovered for their kubelets.
          resources: settings.annotatedPods.enabled ? ['nodes', 'pods'] : ['nodes'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      ],
    });
  }
}

/**
 * The samples that one query may load, of 16 bytes each: an eighth of the memory limit. By default
 * 50 million, which are 800 MB.
 */
export function maxQuerySamples(memoryLimit: Size): number {
  return Math.floor((memoryLimit.toKibibytes() * 1024) / 8 / 16);
}

/** A further store is reached through the proxy in the environment, unless it says otherwise. */
function throughProxy(entry: ConfigObject): ConfigObject {
  const own = ['proxy_url', 'proxy_from_environment', 'no_proxy'].some((key) => key in entry);
  return own ? entry : { ...entry, proxy_from_environment: true };
}
