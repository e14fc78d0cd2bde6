import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import {
  type ConfigFiles,
  type NamedConfigFiles,
  renderYaml,
  withExtraConfig,
} from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { Platform } from '../settings/platform.ts';
import { lokiConfig, lokiConfigSource } from './config.ts';
import type { LokiSettings } from './settings.ts';

export interface LokiProps {
  readonly platform: Platform;
  readonly settings: LokiSettings;
  readonly alertmanagerUrl: string;
  readonly remoteWriteUrl: string;
  /** Rule files for the ruler. */
  readonly rules: ConfigFiles;
  /** The user's own rule files. @default - none */
  readonly ownRules?: readonly NamedConfigFiles[];
}

/** The tenant that Loki uses when authentication is off. */
const tenant = 'fake';

/** The log store: one Loki process on a persistent volume. */
export class Loki extends Construct {
  constructor(scope: Construct, id: string, props: LokiProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { settings } = props;
    const { http } = ports.loki;
    const dataDir = '/var/loki';
    const configDir = '/etc/loki';
    const rulesDir = '/etc/loki-rules';
    const config = withExtraConfig(
      lokiConfig({ ...props, ...settings, dataDir, rulesDir }),
      settings.extraConfig,
    );
    new Workload(this, 'workload', {
      name: 'loki',
      component: 'log-store',
      image: images.loki,
      platform: props.platform,
      resources: settings,
      ports: [http],
      args: [`-config.file=${configDir}/loki.yaml`, ...settings.extraArgs],
      env: [goMemoryLimit(settings)],
      files: [
        {
          configMap: 'loki-config',
          mountPath: configDir,
          files: { 'loki.yaml': renderYaml(config) },
          sources: [lokiConfigSource],
        },
        // Mounted on the tenant's directory: one level up, Loki would read the `..data` directory
        // of the mount as a tenant.
        { configMap: 'loki-rules', mountPath: `${rulesDir}/${tenant}`, ...props.rules },
        ...(props.ownRules ?? []).map(({ name, files, sources }) => ({
          configMap: `loki-rules-${name}`,
          mountPath: `${rulesDir}/${tenant}`,
          files,
          sources,
        })),
      ],
      kind: 'stateful',
      volumeClaim: { mountPath: dataDir, size: settings.storage },
      emptyDirs: ['/tmp'],
      readinessProbe: { port: http, path: services.loki.readyPath },
      livenessProbe: { port: http, path: '/loki/api/v1/status/buildinfo' },
      startupDeadlineSeconds: 300,
    });
  }
}
