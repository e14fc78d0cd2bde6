import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, readyPaths } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import { type AlertmanagerConfigProps, alertmanagerConfig } from './config.ts';
import type { AlertmanagerSettings } from './settings.ts';

export interface AlertmanagerProps {
  readonly platform: Platform;
  readonly settings: AlertmanagerSettings;
  readonly inhibitRules: AlertmanagerConfigProps['inhibitRules'];
}

/** Groups alerts of Prometheus and Loki, keeps silences, and tells receivers. */
export class Alertmanager extends Construct {
  constructor(scope: Construct, id: string, props: AlertmanagerProps) {
    super(scope, id);
    const { settings } = props;
    const { web } = ports.alertmanager;
    const dataDir = '/alertmanager';
    const configDir = '/etc/alertmanager';
    const secretDir = '/etc/alertmanager-secret';
    const { inhibitRules } = props;
    const config = withExtraConfig(
      alertmanagerConfig({ receivers: settings.receivers, secretDir, inhibitRules }),
      settings.extraConfig,
    );
    new Workload(this, 'workload', {
      name: 'alertmanager',
      role: 'alerting',
      image: images.alertmanager,
      platform: props.platform,
      resources: settings,
      ports: [web],
      args: [
        `--config.file=${configDir}/alertmanager.yaml`,
        `--storage.path=${dataDir}`,
        `--web.listen-address=:${web.number}`,
        // One replica gossips with nobody.
        '--cluster.listen-address=',
        ...settings.extraArgs,
      ],
      env: [goMemoryLimit(settings)],
      files: [
        {
          configMap: 'alertmanager-config',
          mountPath: configDir,
          files: { 'alertmanager.yaml': renderYaml(config) },
        },
      ],
      secretFiles:
        settings.secret === undefined
          ? undefined
          : { secret: settings.secret, mountPath: secretDir },
      data: { mountPath: dataDir, size: settings.storage },
      ready: { port: web, path: readyPaths.alertmanager },
      live: { port: web, path: '/-/healthy' },
      startupSeconds: 60,
    });
  }
}
