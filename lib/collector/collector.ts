import { Construct } from 'constructs';
import { withAccessFiles } from '../external-stores/files.ts';
import { addressesOf } from '../kubernetes/component-address.ts';
import { proxyVariables } from '../kubernetes/egress-proxy.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { withSecret } from '../settings/common.ts';
import { type ComponentOptions, platformOf, settingsFromProps } from '../settings/component.ts';
import { attributes } from '../telemetry/app.ts';
import { collectorConfig, collectorConfigSources, requirePipelines } from './config.ts';
import type { StoreAccesses } from './exporters/stores.ts';
import { ExternalService, externalPorts } from './external/service.ts';
import { externalSecrets } from './external/settings.ts';
import { portOf } from './extra-ports.ts';
import { metadataGates, metadataRules } from './kubernetes-metadata.ts';
import type { CollectorOptions } from './options.ts';
import { queueCheckContainer, queueCheckFiles } from './queue-check/queue-check.ts';
import { samplingGates } from './sampling.ts';
import { collectorSettings } from './settings.ts';

export interface CollectorProps extends ComponentOptions, CollectorOptions {
  /**
   * `k8s.cluster.name` of telemetry that does not set it; telemetry with another one gets no
   * Kubernetes metadata.
   * @default 'kubernetes'
   */
  readonly clusterName?: string;
  /**
   * `deployment.environment.name` of telemetry that does not set it.
   * @default 'development'
   */
  readonly environment?: string;
  /** URL to which metrics are sent by OTLP over HTTP. */
  readonly metricsEndpoint: string;
  /** URL to which logs are sent by OTLP over HTTP. */
  readonly logsEndpoint: string;
  /**
   * host:port to which traces are sent by OTLP over gRPC; with `externalStores.tempo` a URL for OTLP over
   * HTTP.
   */
  readonly tracesEndpoint: string;
  /**
   * Credentials, headers and certificates for stores of others, by the store whose place they take.
   * @default - the stores need none
   */
  readonly externalStores?: StoreAccesses;
}

/**
 * The gateway: an OpenTelemetry Collector that receives all telemetry and queues it on disk for the
 * stores.
 */
export class Collector extends Construct {
  /** URL for apps that send OTLP over HTTP: OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlpEndpoint: string;
  /** host:port for apps that send OTLP over gRPC. */
  readonly otlpGrpcEndpoint: string;
  /** URL of its own metrics. */
  readonly metricsUrl: string;

  /** @throws SettingsError with a line for each wrong prop, or if the chart has no namespace */
  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const settings = settingsFromProps(collectorSettings, this, props);
    const address = addressesOf(this, props);
    this.otlpEndpoint = address('otlpHttp');
    this.otlpGrpcEndpoint = address('otlpGrpc');
    this.metricsUrl = address('collectorMetrics');
    const { clusterName = 'kubernetes', environment = 'development' } = props;
    const { otlpGrpc, otlpHttp, metrics, health } = ports['otel-collector'];
    const dataDir = '/var/lib/otelcol';
    const configDir = '/etc/otelcol';
    const { kubernetesMetadata, externalAccess } = settings;
    const config = withExtraConfig(
      collectorConfig({ ...props, ...settings, externalAccess, clusterName, dataDir }),
      settings.extraConfig,
    );
    requirePipelines(config, 'collector.extraConfig');
    const gates = [...metadataGates(kubernetesMetadata), ...samplingGates(settings.sampling)];
    const platform = platformOf(this, props);
    new Workload(this, 'workload', {
      name: 'otel-collector',
      component: 'collector',
      image: images.collector,
      platform,
      resources: settings,
      mounts: withAccessFiles(
        withSecret(settings, ...externalSecrets(externalAccess).map(({ name }) => name)),
        props.externalStores,
        'all',
      ),
      ports: [
        otlpGrpc,
        otlpHttp,
        metrics,
        health,
        ...externalPorts(externalAccess),
        ...settings.extraPorts.map(portOf),
      ],
      args: [
        `--config=${configDir}/collector.yaml`,
        ...(gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : []),
        ...settings.extraArgs,
      ],
      env: [
        goMemoryLimit(settings),
        ...proxyVariables(platform.egressProxy, props.clusterDomain),
        {
          name: 'OTEL_RESOURCE_ATTRIBUTES',
          value: [
            `${attributes.k8sClusterName}=${clusterName}`,
            `${attributes.deploymentEnvironmentName}=${environment}`,
          ].join(','),
        },
      ],
      envFromSecret: settings.secret,
      files: [
        {
          configMap: 'otel-collector-config',
          mountPath: configDir,
          files: { 'collector.yaml': renderYaml(config) },
          sources: collectorConfigSources({ ...settings, clusterName }),
        },
        queueCheckFiles,
      ],
      initContainers: [queueCheckContainer(dataDir)],
      kind: 'stateful',
      volumeClaim: { mountPath: dataDir, size: settings.storage },
      // Receivers are the last to open and the first to close.
      readinessProbe: { port: otlpHttp },
      livenessProbe: { port: health, path: '/' },
      startupDeadlineSeconds: 60,
      // Longer than one attempt of an exporter, so that the queues are closed cleanly.
      terminationGracePeriodSeconds: 60,
      clusterRoleRules: kubernetesMetadata.enabled ? metadataRules : undefined,
    });
    if (externalAccess === undefined) return;
    new ExternalService(this, 'external-service', { access: externalAccess, platform });
  }
}
