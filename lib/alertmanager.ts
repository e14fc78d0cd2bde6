import { Construct } from 'constructs';
import { type AlertmanagerConfigProps, alertmanagerConfig } from './alertmanager-config.ts';
import { renderYaml, withExtraConfig } from './config-file.ts';
import { images } from './images.ts';
import { goMemoryLimit, type Platform } from './pod.ts';
import type { Settings } from './settings.ts';
import { ports, readyPaths } from './topology.ts';
import { Workload } from './workload.ts';

export interface AlertmanagerProps {
  readonly platform: Platform;
  readonly settings: Settings['alertmanager'];
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
