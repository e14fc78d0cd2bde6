import { Construct } from 'constructs';
import { requirePipelines } from '../collector/config.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { forwarderLabel } from '../model/labels.ts';
import { ports } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { Platform } from '../settings/platform.ts';
import { eventCollectorConfig, eventCollectorConfigSource } from './event-collector-config.ts';
import type { ClusterViewSettings } from './settings.ts';

export interface EventCollectorProps {
  readonly platform: Platform;
  readonly settings: ClusterViewSettings['eventCollector'];
  /** host:port */
  readonly gateway: string;
}

/** Collects Kubernetes events as log records. */
export class EventCollector extends Construct {
  constructor(scope: Construct, id: string, { platform, settings, gateway }: EventCollectorProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { metrics, health } = ports['event-collector'];
    const configDir = '/etc/otelcol';
    const dataDir = '/var/lib/otelcol';
    const config = withExtraConfig(
      eventCollectorConfig({ gateway, dataDir }),
      settings.extraConfig,
    );
    requirePipelines(config, 'clusterView.eventCollector.extraConfig');
    new Workload(this, 'workload', {
      name: 'event-collector',
      component: 'event-collector',
      podLabels: { [forwarderLabel]: 'true' },
      image: images.collector,
      platform,
      resources: settings,
      ports: [metrics, health],
      args: [`--config=${configDir}/collector.yaml`],
      env: [goMemoryLimit(settings)],
      files: [
        {
          configMap: 'event-collector-config',
          mountPath: configDir,
          files: { 'collector.yaml': renderYaml(config) },
          sources: [eventCollectorConfigSource],
        },
      ],
      emptyDirs: [dataDir],
      kind: 'deployment',
      strategy: 'Recreate',
      readinessProbe: { port: metrics },
      livenessProbe: { port: health, path: '/' },
      startupDeadlineSeconds: 60,
      terminationGracePeriodSeconds: 60,
      clusterRoleRules: [
        { apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] },
      ],
    });
  }
}
