import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { viewPorts } from '../model/topology.ts';
import type { Resources } from '../settings/common.ts';
import type { Platform } from '../settings/platform.ts';
import { eventCollectorConfig } from './event-collector-config.ts';

export interface EventCollectorProps {
  readonly platform: Platform;
  readonly settings: Resources;
  /** host:port */
  readonly gateway: string;
}

/** The events of the cluster, as log lines. */
export class EventCollector extends Construct {
  constructor(scope: Construct, id: string, { platform, settings, gateway }: EventCollectorProps) {
    super(scope, id);
    const { metrics, health } = viewPorts['event-collector'];
    const configDir = '/etc/otelcol';
    const dataDir = '/var/lib/otelcol';
    new Workload(this, 'workload', {
      name: 'event-collector',
      role: 'event-collector',
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
          files: { 'collector.yaml': renderYaml(eventCollectorConfig({ gateway, dataDir })) },
        },
      ],
      scratch: [dataDir],
      strategy: true,
      ready: { port: metrics },
      live: { port: health, path: '/' },
      startupSeconds: 60,
      terminationGracePeriodSeconds: 60,
      clusterRules: [{ apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] }],
    });
  }
}
