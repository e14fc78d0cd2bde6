import { Construct } from 'constructs';
import { withAccessFiles } from '../external-stores/files.ts';
import { addressesOf } from '../kubernetes/component-address.ts';
import { proxyVariables } from '../kubernetes/egress-proxy.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { pathOf } from '../model/base-path.ts';
import { type ConfigObject, type NamedConfigFiles, renderYaml } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile, sourceKey } from '../model/source.ts';
import type { ReplaceableService, StoreAccess } from '../model/topology-settings.ts';
import { dashboardUids } from '../model/uids.ts';
import { withSecret } from '../settings/common.ts';
import { type ComponentOptions, platformOf, settingsFromProps } from '../settings/component.ts';
import { alerting, alertingSource } from './alerting.ts';
import {
  type GrafanaConfig,
  grafanaConfig,
  grafanaConfigSource,
  grafanaEnvironment,
} from './config.ts';
import { datasources, datasourcesSource } from './datasources.ts';
import { accessVariables } from './external-access.ts';
import type { GrafanaOptions } from './options.ts';
import { type FileLogin, metricsLogin } from './outside/metrics-login.ts';
import { outsideObjects } from './outside/objects.ts';
import { grafanaSettings } from './settings.ts';

const ownSource = sourceFile(import.meta.filename);

/** A dashboard as Grafana's classic JSON model, known by a fixed uid. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  /** The source file of the dashboard. */
  readonly [sourceKey]: string;
}

/** A dashboard of the user's, as the file that it is in. */
export interface OwnDashboard extends NamedConfigFiles {
  /** Title of the folder in Grafana. */
  readonly folder: string;
}

export interface GrafanaProps extends ComponentOptions, GrafanaOptions {
  /** URL of the data source for metrics. */
  readonly prometheusUrl: string;
  /** URL of the data source for logs. */
  readonly lokiUrl: string;
  /** URL of the data source for traces. */
  readonly tempoUrl: string;
  /** URL of the Alertmanager, for alerts of rules made in Grafana too. */
  readonly alertmanagerUrl: string;
  /**
   * Credentials, headers and certificates for stores of others, by the store whose place they take.
   * @default - the stores need none
   */
  readonly externalStores?: Partial<Record<ReplaceableService, StoreAccess>>;
  /** Dashboards of Mantis, one of which is the home page. @default - none */
  readonly dashboards?: readonly DashboardModel[];
  /** The user's own dashboards. @default - none */
  readonly ownDashboards?: readonly OwnDashboard[];
  /** The user's own data sources, and the files that they are in. @default - none */
  readonly ownDatasources?: {
    readonly datasources: readonly ConfigObject[];
    readonly sources: readonly string[];
  };
  /**
   * Whether the cluster dashboard is one of them, to which log lines of pods then link. @default
   * false
   */
  readonly clusterDashboard?: boolean;
}

/** The Secret with Grafana's admin login and secret key. Created at deployment, never in dist/. */
export const adminSecret = {
  name: 'grafana-admin',
  user: 'admin-user',
  password: 'admin-password',
  secretKey: 'secret-key',
} as const;

const secretDir = '/etc/grafana/secret';

/** The key of the Secret for each environment variable that must not be set directly. */
const adminSecretKeys: Readonly<Record<string, string>> = {
  GF_SECURITY_ADMIN_USER: adminSecret.user,
  GF_SECURITY_ADMIN_PASSWORD: adminSecret.password,
  GF_SECURITY_SECRET_KEY: adminSecret.secretKey,
};

/**
 * Read from files, so that they are not in the environment
 * (https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/, GF_…__FILE).
 */
const secretVariables = Object.entries(adminSecretKeys).map(([name, key]) => ({
  name: `${name}__FILE`,
  value: `${secretDir}/${key}`,
}));

/**
 * Grafana with its data sources, the dashboards, and the links between traces, metrics and logs.
 */
export class Grafana extends Construct {
  /** URL within the cluster. */
  readonly url: string;
  /** The login that its metrics ask for, which scrapes need. @default - none */
  readonly metricsLogin?: FileLogin;

  /** @throws SettingsError with a line for each wrong prop */
  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    declareSource(this, ownSource);
    const settings = settingsFromProps(grafanaSettings, this, props, ['dashboards']);
    this.url = addressesOf(this, props, settings)('grafana');
    this.metricsLogin = metricsLogin(settings);
    const { dashboards = [], ownDashboards = [], ownDatasources } = props;
    const urls = {
      prometheus: props.prometheusUrl,
      loki: props.lokiUrl,
      tempo: props.tempoUrl,
      alertmanager: props.alertmanagerUrl,
    };
    const { http } = ports.grafana;
    const basePath = pathOf(settings.url);
    const dataDir = '/var/lib/grafana';
    const provisioning = '/etc/grafana/provisioning';
    const dashboardsDir = '/etc/grafana/dashboards';
    const folders = [...new Set(ownDashboards.map(({ folder }) => folder))].sort();
    // Not below the other directory, which Grafana reads with those in it.
    const directoryOf = (folder: string) =>
      `/etc/grafana/own-dashboards/${folders.indexOf(folder) + 1}`;
    const variables = grafanaEnvironment(
      grafanaConfig({
        httpPort: http.number,
        dataDir,
        provisioning,
        url: settings.url,
        metricsUser: this.metricsLogin?.username,
        oidc: settings.oidc,
        homeDashboard: dashboards.some(({ uid }) => uid === dashboardUids.home)
          ? `${dashboardsDir}/${dashboardUids.home}.json`
          : undefined,
      }),
      settings.extraConfig as GrafanaConfig,
    );
    const platform = platformOf(this, props);
    const workload = new Workload(this, 'workload', {
      name: 'grafana',
      component: 'dashboards',
      image: images.grafana,
      platform,
      resources: settings,
      mounts: withAccessFiles(
        withSecret(settings, this.metricsLogin?.secret, settings.oidc?.caSecret),
        props.externalStores,
        'authorities',
      ),
      ports: [http],
      args: settings.extraArgs,
      env: [
        goMemoryLimit(settings),
        ...proxyVariables(platform.egressProxy, props.clusterDomain),
        ...variables,
        ...secretVariables,
        ...accessVariables(props.externalStores),
        ...(this.metricsLogin === undefined
          ? []
          : [{ name: metricsPasswordVariable, value: this.metricsLogin.passwordFile }]),
      ],
      envFromSecret: settings.secret,
      secretFiles: { secret: adminSecret.name, mountPath: secretDir },
      files: [
        {
          configMap: 'grafana-datasources',
          mountPath: `${provisioning}/datasources`,
          files: {
            'mantis.yaml': renderYaml(
              datasources(urls, {
                clusterDashboard: props.clusterDashboard,
                ownDatasources: ownDatasources?.datasources,
                externalStores: props.externalStores,
              }),
            ),
          },
          sources: [datasourcesSource, ...(ownDatasources?.sources ?? [])],
        },
        {
          configMap: 'grafana-dashboard-provider',
          mountPath: `${provisioning}/dashboards`,
          files: {
            'mantis.yaml': renderYaml({
              apiVersion: 1,
              providers: [
                dashboardProvider(dashboardsDir),
                ...folders.map((folder) => ownDashboardProvider(folder, directoryOf(folder))),
              ],
            }),
          },
          sources: [ownSource],
        },
        {
          configMap: 'grafana-alerting',
          mountPath: `${provisioning}/alerting`,
          files: { 'mantis.yaml': renderYaml(alerting(urls.alertmanager)) },
          sources: [alertingSource],
        },
        ...dashboards.map((dashboard) => ({
          configMap: `grafana-dashboard-${dashboard.uid}`,
          mountPath: dashboardsDir,
          files: { [`${dashboard.uid}.json`]: `${JSON.stringify(dashboard, null, 2)}\n` },
          sources: [dashboard[sourceKey]],
        })),
        ...ownDashboards.map(({ name, folder, files, sources }) => ({
          configMap: `grafana-dashboard-own-${name}`,
          mountPath: directoryOf(folder),
          files,
          sources,
        })),
      ],
      kind: 'stateful',
      volumeClaim: { mountPath: dataDir, size: settings.storage },
      emptyDirs: ['/tmp'],
      readinessProbe: { port: http, path: `${basePath}${services.grafana.readyPath}` },
      // Not /api/health, which fails if the database does: a restart would not fix that.
      livenessProbe: { port: http, path: `${basePath}/healthz` },
      // The first start runs hundreds of database migrations.
      startupDeadlineSeconds: 300,
    });
    outsideObjects(this, settings);
    // grafana.ini is in its variables.
    declareSource(workload.node.findChild('statefulset'), ownSource, grafanaConfigSource);
  }
}

const metricsPasswordVariable = 'GF_METRICS_BASIC_AUTH_PASSWORD__FILE';

/** Title of the folder with the dashboards of Mantis. */
export const dashboardFolder = 'Mantis';

function dashboardProvider(path: string) {
  return {
    name: 'mantis',
    orgId: 1,
    type: 'file',
    folder: dashboardFolder,
    disableDeletion: true,
    allowUiUpdates: false,
    updateIntervalSeconds: 30,
    options: { path, foldersFromFilesStructure: false },
  };
}

/** Deletes a dashboard whose file is gone. */
function ownDashboardProvider(folder: string, path: string) {
  return { ...dashboardProvider(path), name: `own: ${folder}`, folder, disableDeletion: false };
}
