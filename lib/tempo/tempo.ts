import { Construct } from 'constructs';
import type { Sampling } from '../collector/telemetry-settings.ts';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, readyPaths } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import { tempoConfig, tempoDataDir } from './config.ts';
import type { TempoSettings } from './settings.ts';

export interface TempoProps {
  readonly platform: Platform;
  readonly settings: TempoSettings;
  readonly remoteWriteUrl: string;
  /** What the collector keeps of the traces. */
  readonly sampling: Sampling;
}

/** The trace store, and the source of span metrics and the service graph. */
export class Tempo extends Construct {
  constructor(scope: Construct, id: string, props: TempoProps) {
    super(scope, id);
    const { settings } = props;
    const { http, otlpGrpc } = ports.tempo;
    const configDir = '/etc/tempo';
    const config = withExtraConfig(tempoConfig({ ...props, ...settings }), settings.extraConfig);
    new Workload(this, 'workload', {
      name: 'tempo',
      role: 'trace-store',
      image: images.tempo,
      platform: props.platform,
      resources: settings,
      ports: [http, otlpGrpc],
      args: [`-config.file=${configDir}/tempo.yaml`, ...settings.extraArgs],
      env: [goMemoryLimit(settings)],
      files: [
        {
          configMap: 'tempo-config',
          mountPath: configDir,
          files: { 'tempo.yaml': renderYaml(config) },
        },
      ],
      data: { mountPath: tempoDataDir, size: settings.storage },
      scratch: ['/tmp'],
      ready: { port: http, path: readyPaths.tempo },
      live: { port: http, path: '/api/status/buildinfo' },
      startupSeconds: 300,
      // Stopping first writes what is in memory to the volume, in a second or two. What comes after
      // it may wait for a minute to retry unfinished blocks, which the next start does as well.
      terminationGracePeriodSeconds: 20,
    });
  }
}
