import { Construct } from 'constructs';
import { addressesOf } from '../kubernetes/component-address.ts';
import { proxyVariables } from '../kubernetes/egress-proxy.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { type ConfigFiles, renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { type ComponentOptions, platformOf, settingsFromProps } from '../settings/component.ts';
import {
  type AlertmanagerConfigProps,
  alertmanagerConfig,
  alertmanagerConfigSource,
} from './config.ts';
import type { AlertmanagerOptions } from './options.ts';
import { alertmanagerSettings } from './settings.ts';

export interface AlertmanagerProps extends ComponentOptions, AlertmanagerOptions {
  /** Inhibition rules, in Alertmanager's own keys. @default - none */
  readonly inhibitRules?: AlertmanagerConfigProps['inhibitRules'];
  /** The user's own template files. @default - none */
  readonly templates?: ConfigFiles | undefined;
  /** The source file of the inhibition rules. @default - none */
  readonly inhibitRulesSource?: string;
}

/** Groups and inhibits alerts of Prometheus and Loki, keeps silences, and notifies receivers. */
export class Alertmanager extends Construct {
  /** URL of its API, to which others send alerts. */
  readonly url: string;

  /** @throws SettingsError with a line for each wrong prop */
  constructor(scope: Construct, id: string, props: AlertmanagerProps = {}) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const settings = settingsFromProps(alertmanagerSettings, this, props, ['templates']);
    this.url = addressesOf(this, props)('alertmanager');
    const { web } = ports.alertmanager;
    const dataDir = '/alertmanager';
    const configDir = '/etc/alertmanager';
    const templatesDir = '/etc/alertmanager-templates';
    const secretDir = '/etc/alertmanager-secret';
    const { inhibitRules = [], inhibitRulesSource } = props;
    const platform = platformOf(this, props);
    const config = withExtraConfig(
      alertmanagerConfig({
        ...settings,
        usesProxy: platform.egressProxy.url !== undefined,
        secretDir,
        inhibitRules,
        templates: props.templates === undefined ? [] : [`${templatesDir}/*.tmpl`],
      }),
      settings.extraConfig,
    );
    new Workload(this, 'workload', {
      name: 'alertmanager',
      component: 'alerting',
      image: images.alertmanager,
      platform,
      resources: settings,
      mounts: settings,
      ports: [web],
      args: [
        `--config.file=${configDir}/alertmanager.yaml`,
        `--storage.path=${dataDir}`,
        `--web.listen-address=:${web.number}`,
        // No gossip: there is one replica.
        '--cluster.listen-address=',
        ...settings.extraArgs,
      ],
      env: [goMemoryLimit(settings), ...proxyVariables(platform.egressProxy, props.clusterDomain)],
      files: [
        {
          configMap: 'alertmanager-config',
          mountPath: configDir,
          files: { 'alertmanager.yaml': renderYaml(config) },
          sources: [
            alertmanagerConfigSource,
            ...(inhibitRulesSource === undefined ? [] : [inhibitRulesSource]),
          ],
        },
        ...(props.templates === undefined
          ? []
          : [{ configMap: 'alertmanager-templates', mountPath: templatesDir, ...props.templates }]),
      ],
      secretFiles:
        settings.secret === undefined
          ? undefined
          : { secret: settings.secret, mountPath: secretDir },
      kind: 'stateful',
      volumeClaim: { mountPath: dataDir, size: settings.storage },
      readinessProbe: { port: web, path: services.alertmanager.readyPath },
      livenessProbe: { port: web, path: '/-/healthy' },
      startupDeadlineSeconds: 60,
    });
  }
}
