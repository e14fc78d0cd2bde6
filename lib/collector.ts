import { Construct } from 'constructs';
import { collectorConfig, pipelineMistakes } from './collector-config.ts';
import { samplingGates } from './collector-sampling.ts';
import { renderYaml, withExtraConfig } from './config-file.ts';
import { images } from './images.ts';
import { goMemoryLimit, type Platform } from './pod.ts';
import type { Settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { attributes } from './telemetry.ts';
import { ports } from './topology.ts';
import { Workload } from './workload.ts';

export interface CollectorProps {
  readonly platform: Platform;
  readonly settings: Settings['collector'];
  /** Put on telemetry that does not bring its own. */
  readonly clusterName: string;
  /** Put on telemetry that does not bring its own. */
  readonly environment: string;
  readonly metricsEndpoint: string;
  readonly logsEndpoint: string;
  readonly tracesEndpoint: string;
}

/** The one entrance: an OpenTelemetry Collector that queues on disk what a store cannot take. */
export class Collector extends Construct {
  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);
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
    const gates = samplingGates(settings.sampling);
    new Workload(this, 'workload', {
      name: 'otel-collector',
      role: 'collector',
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
      envSecret: settings.secret,
      files: [
        {
          configMap: 'otel-collector-config',
          mountPath: configDir,
          files: { 'collector.yaml': renderYaml(config) },
        },
      ],
      data: { mountPath: dataDir, size: settings.storage },
      // Receivers are opened last and closed first.
      ready: { port: otlp.otlpHttp },
      live: { port: health, path: '/' },
      startupSeconds: 60,
      // Longer than one attempt of an exporter, so that the queues close in order.
      terminationGracePeriodSeconds: 60,
    });
  }
}
