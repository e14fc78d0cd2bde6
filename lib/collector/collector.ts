import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { SettingsError } from '../settings/error.ts';
import type { Platform } from '../settings/platform.ts';
import { attributes } from '../telemetry/app.ts';
import { collectorConfig, collectorConfigSources, pipelineMistakes } from './config.ts';
import { metadataGates, metadataRules } from './kubernetes-metadata.ts';
import { queueCheckContainer, queueCheckFiles } from './queue-check/queue-check.ts';
import { samplingGates } from './sampling.ts';
import type { CollectorSettings } from './settings.ts';

export interface CollectorProps {
  readonly platform: Platform;
  readonly settings: CollectorSettings;
  /**
   * `k8s.cluster.name` of telemetry that does not set it; telemetry with another one gets no
   * Kubernetes metadata.
   */
  readonly clusterName: string;
  /** `deployment.environment.name` of telemetry that does not set it. */
  readonly environment: string;
  readonly metricsEndpoint: string;
  readonly logsEndpoint: string;
  readonly tracesEndpoint: string;
}

/**
 * The gateway: an OpenTelemetry Collector that receives all telemetry and queues it on disk for the
 * stores.
 */
export class Collector extends Construct {
  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { settings } = props;
    const { metrics, health, ...otlp } = ports['otel-collector'];
    const dataDir = '/var/lib/otelcol';
    const configDir = '/etc/otelcol';
    const config = withExtraConfig(
      collectorConfig({ ...props, ...settings, dataDir }),
      settings.extraConfig,
    );
    const mistakes = pipelineMistakes(config);
    if (mistakes.length > 0) {
      throw new SettingsError(
        mistakes.map((mistake) => `collector.extraConfig: ${mistake}`).join('\n'),
      );
    }
    const { kubernetesMetadata } = settings;
    const gates = [...metadataGates(kubernetesMetadata), ...samplingGates(settings.sampling)];
    new Workload(this, 'workload', {
      name: 'otel-collector',
      component: 'collector',
      image: images.collector,
      platform: props.platform,
      resources: settings,
      ports: [...Object.values(otlp), metrics, health],
      args: [
        `--config=${configDir}/collector.yaml`,
        ...(gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : []),
        ...settings.extraArgs,
      ],
      env: [
        goMemoryLimit(settings),
        {
          name: 'OTEL_RESOURCE_ATTRIBUTES',
          value: [
            `${attributes.k8sClusterName}=${props.clusterName}`,
            `${attributes.deploymentEnvironmentName}=${props.environment}`,
          ].join(','),
        },
      ],
      envFromSecret: settings.secret,
      files: [
        {
          configMap: 'otel-collector-config',
          mountPath: configDir,
          files: { 'collector.yaml': renderYaml(config) },
          sources: collectorConfigSources({ ...props, ...settings }),
        },
        queueCheckFiles,
      ],
      initContainers: [queueCheckContainer(dataDir)],
      kind: 'stateful',
      volumeClaim: { mountPath: dataDir, size: settings.storage },
      // Receivers are the last to open and the first to close.
      readinessProbe: { port: otlp.otlpHttp },
      livenessProbe: { port: health, path: '/' },
      startupDeadlineSeconds: 60,
      // Longer than one attempt of an exporter, so that the queues are closed cleanly.
      terminationGracePeriodSeconds: 60,
      clusterRoleRules: kubernetesMetadata.enabled ? metadataRules : undefined,
    });
  }
}
