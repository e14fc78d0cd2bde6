import { Construct } from 'constructs';
import { z } from 'zod';
import { type SamplingInput, samplingSettings } from '../collector/telemetry-settings.ts';
import { addressesOf } from '../kubernetes/component-address.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { type ComponentOptions, platformOf, settingsFromProps } from '../settings/component.ts';
import { defaultMaxSeries } from '../telemetry/limits.ts';
import { tempoConfig, tempoConfigSource, tempoDataDir } from './config.ts';
import type { TempoOptions } from './options.ts';
import { maxActiveSeries, tempoSettings } from './settings.ts';

export interface TempoProps extends ComponentOptions, TempoOptions {
  /**
   * URL to which span metrics, the service graph and exemplars are written.
   * @default - nothing is generated from spans
   */
  readonly remoteWriteUrl?: string;
  /** Sampling in the collector. @default { mode: 'none' } */
  readonly sampling?: SamplingInput;
  /**
   * Active series that Prometheus has memory for, of which Tempo generates a fifth.
   * @default 150000
   */
  readonly maxSeries?: number;
}

/** The trace store, which also generates span metrics and the service graph. */
export class Tempo extends Construct {
  /** URL of its API, as in data sources. */
  readonly url: string;
  /** host:port to which OTLP exporters send traces over gRPC. */
  readonly otlpEndpoint: string;
  /** URL to which OTLP exporters send traces over HTTP. */
  readonly otlpHttpEndpoint: string;

  /** @throws SettingsError with a line for each wrong prop */
  constructor(scope: Construct, id: string, props: TempoProps = {}) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const settings = settingsFromProps(tempoSettings, this, props);
    const { sampling } = settingsFromProps(z.object({ sampling: samplingSettings }), this, props);
    const { maxSeries = defaultMaxSeries } = props;
    const address = addressesOf(this, props);
    this.url = address('tempo');
    this.otlpEndpoint = address('tempoOtlp');
    this.otlpHttpEndpoint = address('tempoOtlpHttp');
    const { http, ...otlp } = ports.tempo;
    const configDir = '/etc/tempo';
    const config = withExtraConfig(
      tempoConfig({
        ...settings,
        sampling,
        remoteWriteUrl: props.remoteWriteUrl,
        maxActiveSeries: maxActiveSeries({ tempo: settings, alerts: { maxSeries } }),
      }),
      settings.extraConfig,
    );
    new Workload(this, 'workload', {
      name: 'tempo',
      component: 'trace-store',
      image: images.tempo,
      platform: platformOf(this, props),
      resources: settings,
      ports: [http, ...Object.values(otlp)],
      args: [
        `-config.file=${configDir}/tempo.yaml`,
        ...(settings.secret === undefined ? [] : ['-config.expand-env=true']),
        ...settings.extraArgs,
      ],
      env: [goMemoryLimit(settings)],
      envFromSecret: settings.secret,
      mounts: settings,
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
