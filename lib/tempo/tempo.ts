import { Construct } from 'constructs';
import type { Sampling } from '../collector/telemetry-settings.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { Platform } from '../settings/platform.ts';
import { tempoConfig, tempoConfigSource, tempoDataDir } from './config.ts';
import type { TempoSettings } from './settings.ts';

export interface TempoProps {
  readonly platform: Platform;
  readonly settings: TempoSettings;
  readonly remoteWriteUrl: string;
  /** Sampling in the collector. */
  readonly sampling: Sampling;
  /** The series that are generated from spans, at most. */
  readonly maxActiveSeries: number;
}

/** The trace store, which also generates span metrics and the service graph. */
export class Tempo extends Construct {
  constructor(scope: Construct, id: string, props: TempoProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { settings } = props;
    const { http, ...otlp } = ports.tempo;
    const configDir = '/etc/tempo';
    const config = withExtraConfig(tempoConfig({ ...settings, ...props }), settings.extraConfig);
    new Workload(this, 'workload', {
      name: 'tempo',
      component: 'trace-store',
      image: images.tempo,
      platform: props.platform,
      resources: settings,
      ports: [http, ...Object.values(otlp)],
      args: [`-config.file=${configDir}/tempo.yaml`, ...settings.extraArgs],
      env: [goMemoryLimit(settings)],
      files: [
        {
          configMap: 'tempo-config',
          mountPath: configDir,
          files: { 'tempo.yaml': renderYaml(config) },
          sources: [tempoConfigSource],
        },
      ],
      kind: 'stateful',
      volumeClaim: { mountPath: tempoDataDir, size: settings.storage },
      emptyDirs: ['/tmp'],
      readinessProbe: { port: http, path: services.tempo.readyPath },
      livenessProbe: { port: http, path: '/api/status/buildinfo' },
      startupDeadlineSeconds: 300,
      // Shutdown first flushes memory to the volume, in a second or two. Then it may retry
      // incomplete blocks for a minute, which the next start does as well.
      terminationGracePeriodSeconds: 20,
    });
  }
}
