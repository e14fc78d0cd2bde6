import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml } from '../model/config-file.ts';
import type { DatasourceUid } from '../model/datasource-uids.ts';
import { images } from '../model/images.ts';
import { ports, readyPaths } from '../model/topology.ts';
import { SettingsError } from '../settings/error.ts';
import type { Platform } from '../settings/platform.ts';
import { type GrafanaConfig, grafanaConfig, grafanaEnvironment } from './config.ts';
import { datasources } from './datasources.ts';
import type { GrafanaSettings } from './settings.ts';

/** A dashboard as Grafana's classic JSON model, known by a fixed uid. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
}

export interface GrafanaProps {
  readonly platform: Platform;
  readonly settings: GrafanaSettings;
  readonly urls: Readonly<Record<DatasourceUid, string>>;
  readonly dashboards: readonly DashboardModel[];
  /** Whether one of them is about pods, which log lines can then lead to. @default false */
  readonly pods?: boolean;
}

/** The Secret that holds Grafana's login and its signing key. Made at deployment, never in dist/. */
export const adminSecret = {
  name: 'grafana-admin',
  user: 'admin-user',
  password: 'admin-password',
  secretKey: 'secret-key',
} as const;

const secretDir = '/etc/grafana/secret';

/** What Grafana learns from the Secret, by the variable that would hold it. */
const fromSecret: Readonly<Record<string, string>> = {
  GF_SECURITY_ADMIN_USER: adminSecret.user,
  GF_SECURITY_ADMIN_PASSWORD: adminSecret.password,
  GF_SECURITY_SECRET_KEY: adminSecret.secretKey,
};

/**
 * As files, so that nothing which prints an environment prints them
 * (https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/, GF_…__FILE).
 */
const secretVariables = Object.entries(fromSecret).map(([name, key]) => ({
  name: `${name}__FILE`,
  value: `${secretDir}/${key}`,
}));

/** The one view: dashboards, and the links from any signal to the other two. */
export class Grafana extends Construct {
  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    const { settings } = props;
    const { http } = ports.grafana;
    const dataDir = '/var/lib/grafana';
    const provisioning = '/etc/grafana/provisioning';
    const dashboardsDir = '/etc/grafana/dashboards';
    const own = grafanaEnvironment(
      grafanaConfig({ httpPort: http.number, dataDir, provisioning, url: settings.url }),
      settings.extraConfig as GrafanaConfig,
    );
    const clash = own.find(({ name }) => name in fromSecret);
    if (clash !== undefined) {
      throw new SettingsError(
        `grafana.extraConfig: ${clash.name} comes from the Secret ${adminSecret.name}, not from settings`,
      );
    }
    const open = own.find(({ name, value }) => /_(PASSWORD|SECRET)$/.test(name) && value);
    if (open !== undefined) {
      throw new SettingsError(
        `grafana.extraConfig: ${open.name} belongs into a Secret, as the key of that name; grafana.secret names the Secret`,
      );
    }
    new Workload(this, 'workload', {
      name: 'grafana',
      role: 'dashboards',
      image: images.grafana,
      platform: props.platform,
      resources: settings,
      ports: [http],
      args: settings.extraArgs,
      env: [goMemoryLimit(settings), ...own, ...secretVariables],
      envSecret: settings.secret,
      secretFiles: { secret: adminSecret.name, mountPath: secretDir },
      files: [
        {
          configMap: 'grafana-datasources',
          mountPath: `${provisioning}/datasources`,
          files: { 'mantis.yaml': renderYaml(datasources(props.urls, props)) },
        },
        {
          configMap: 'grafana-dashboard-provider',
          mountPath: `${provisioning}/dashboards`,
          files: { 'mantis.yaml': renderYaml(dashboardProvider(dashboardsDir)) },
        },
        ...props.dashboards.map((dashboard) => ({
          configMap: `grafana-dashboard-${dashboard.uid}`,
          mountPath: dashboardsDir,
          files: { [`${dashboard.uid}.json`]: `${JSON.stringify(dashboard, null, 2)}\n` },
        })),
      ],
      data: { mountPath: dataDir, size: settings.storage },
      scratch: ['/tmp'],
      ready: { port: http, path: readyPaths.grafana },
      // Not /api/health, which fails with the database: a restart would not bring that back.
      live: { port: http, path: '/healthz' },
      // The first start runs hundreds of database migrations.
      startupSeconds: 300,
    });
  }
}

function dashboardProvider(path: string) {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'mantis',
        orgId: 1,
        type: 'file',
        folder: 'Mantis',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path, foldersFromFilesStructure: false },
      },
    ],
  };
}
