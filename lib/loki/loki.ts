import { Construct } from 'constructs';
import { addressesOf } from '../kubernetes/component-address.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import {
  type ConfigFiles,
  type NamedConfigFiles,
  noFiles,
  renderYaml,
  withExtraConfig,
} from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { type ComponentOptions, platformOf, settingsFromProps } from '../settings/component.ts';
import { lokiConfig, lokiConfigSource } from './config.ts';
import type { LokiOptions } from './options.ts';
import { lokiSettings } from './settings.ts';

export interface LokiProps extends ComponentOptions, LokiOptions {
  /** URL of the Alertmanager that the ruler notifies. @default - alerts on logs notify nobody */
  readonly alertmanagerUrl?: string;
  /** URL to which the ruler writes the results of recording rules. @default - they are not stored */
  readonly remoteWriteUrl?: string;
  /** Rule files for the ruler. @default - none */
  readonly rules?: ConfigFiles;
  /**
   * The user's own rule files, such as those that `ownRuleFiles()` makes of groups in code.
   * @default - none
   */
  readonly ownRules?: readonly NamedConfigFiles[];
}

/** The tenant that Loki uses when authentication is off. */
const tenant = 'fake';

/** The log store: one Loki process on a persistent volume. */
export class Loki extends Construct {
  /** URL of its API, as in data sources. */
  readonly url: string;
  /** URL to which OTLP exporters send logs over HTTP. */
  readonly otlpEndpoint: string;

  /** @throws SettingsError with a line for each wrong prop */
  constructor(scope: Construct, id: string, props: LokiProps = {}) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const settings = settingsFromProps(lokiSettings, this, props, ['rules']);
    const address = addressesOf(this, props);
    this.url = address('loki');
    this.otlpEndpoint = address('lokiOtlp');
    const { http } = ports.loki;
    const dataDir = '/var/loki';
    const configDir = '/etc/loki';
    const rulesDir = '/etc/loki-rules';
    const config = withExtraConfig(
      lokiConfig({
        ...settings,
        dataDir,
        rulesDir,
        alertmanagerUrl: props.alertmanagerUrl,
        remoteWriteUrl: props.remoteWriteUrl,
      }),
      settings.extraConfig,
    );
    new Workload(this, 'workload', {
      name: 'loki',
      component: 'log-store',
      image: images.loki,
      platform: platformOf(this, props),
      resources: settings,
      ports: [http],
      args: [
        `-config.file=${configDir}/loki.yaml`,
        ...(settings.secret === undefined ? [] : ['-config.expand-env=true']),
        ...settings.extraArgs,
      ],
      env: [goMemoryLimit(settings)],
      envFromSecret: settings.secret,
      mounts: settings,
      files: [
        {
          configMap: 'loki-config',
          mountPath: configDir,
          files: { 'loki.yaml': renderYaml(config) },
          sources: [lokiConfigSource],
        },
        // Mounted on the tenant's directory: one level up, Loki would read the `..data` directory
        // of the mount as a tenant.
        {
          configMap: 'loki-rules',
          mountPath: `${rulesDir}/${tenant}`,
          ...(props.rules ?? noFiles),
        },
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
