import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, readyPaths } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import { lokiConfig } from './config.ts';
import type { LokiSettings } from './settings.ts';

export interface LokiProps {
  readonly platform: Platform;
  readonly settings: LokiSettings;
  readonly alertmanagerUrl: string;
  readonly remoteWriteUrl: string;
  /** Rule files for the ruler, by file name. */
  readonly rules: Readonly<Record<string, string>>;
}

/** With authentication off, Loki files everything under this tenant. */
const tenant = 'fake';

/** The log store: one Loki process on a persistent volume. */
export class Loki extends Construct {
  constructor(scope: Construct, id: string, props: LokiProps) {
    super(scope, id);
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
      role: 'log-store',
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
        },
        // On the tenant's directory itself: one level up, a mount's hidden `..data` directory
        // would be taken for a tenant.
        { configMap: 'loki-rules', mountPath: `${rulesDir}/${tenant}`, files: props.rules },
      ],
      data: { mountPath: dataDir, size: settings.storage },
      scratch: ['/tmp'],
      ready: { port: http, path: readyPaths.loki },
      live: { port: http, path: '/loki/api/v1/status/buildinfo' },
      startupSeconds: 300,
    });
  }
}
