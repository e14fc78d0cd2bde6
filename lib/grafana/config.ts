import { pathOf } from '../model/base-path.ts';
import { sourceFile } from '../model/source.ts';
import { admitsAll, signInConfig } from './sign-in/config.ts';
import type { OidcSettings } from './sign-in/settings.ts';

export const grafanaConfigSource = sourceFile(import.meta.filename);

/** Sections and keys as in grafana.ini; the top level of the file is the section DEFAULT. */
export type GrafanaConfig = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean>>>
>;

export interface GrafanaConfigProps {
  readonly httpPort: number;
  readonly dataDir: string;
  readonly provisioning: string;
  /** URL at which people open Grafana. */
  readonly url: string;
  /** The user whose password the metrics ask for. @default - they are open, as to the stack alone */
  readonly metricsUser?: string;
  /** Where people sign in. @default - only with the administrator's login */
  readonly oidc?: OidcSettings;
  /** Path of the dashboard that is shown after login. @default - Grafana's own page */
  readonly homeDashboard?: string;
}

/**
 * grafana.ini (https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/; 13.2).
 * Grafana works without internet access and requires a login.
 */
export function grafanaConfig(props: GrafanaConfigProps): GrafanaConfig {
  const isEncrypted = props.url.startsWith('https:');
  const isOpened = props.metricsUser !== undefined;
  return {
    paths: { data: props.dataDir, provisioning: props.provisioning },
    server: {
      http_port: props.httpPort,
      root_url: props.url,
      ...(pathOf(props.url) !== '' && { serve_from_sub_path: true }),
    },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
    },
    news: { news_feed_enabled: false },
    // Strangers need not know the version, which /api/health has.
    'auth.anonymous': { enabled: false, ...(isOpened && { hide_version: true }) },
    users: {
      allow_sign_up: false,
      ...(props.oidc && admitsAll(props.oidc) && { auto_assign_org_role: 'Viewer' }),
    },
    ...(props.oidc && { 'auth.generic_oauth': signInConfig(props.oidc) }),
    security: { disable_gravatar: true, ...(isEncrypted && encryptedSecurity) },
    // Otherwise 13.x replaces its bundled data sources by downloaded ones, which fails on a
    // read-only root file system and leaves it without them (grafana issue #132528).
    plugins: { preinstall_disabled: true, public_key_retrieval_disabled: true },
    // The rules of Mantis are evaluated by Prometheus and Loki, where they can be tested; those that
    // people make in Grafana by Grafana, which sends their alerts to Alertmanager (alerting.ts).
    unified_alerting: { enabled: true, execute_alerts: true },
    // Instead of the welcome page, which reads a feed from the internet.
    ...(props.homeDashboard && {
      dashboards: { default_home_dashboard_path: props.homeDashboard },
    }),
    log: { level: 'warn' },
    metrics: { enabled: true, ...(isOpened && { basic_auth_username: props.metricsUser }) },
  };
}

/**
 * Where people come by https. The cookies stay SameSite=Lax, Grafana's default: with Strict, a browser that an
 * identity provider sends back would not show them.
 */
const encryptedSecurity = {
  cookie_secure: true,
  strict_transport_security: true,
  content_security_policy: true,
};

/**
 * Configurations as Grafana's environment variables GF_<SECTION>_<KEY>; later ones take precedence.
 */
export function grafanaEnvironment(...configs: readonly GrafanaConfig[]) {
  const values = new Map<string, string>();
  for (const config of configs) {
    for (const [section, keys] of Object.entries(config)) {
      for (const [key, value] of Object.entries(keys)) {
        // Dashes become underscores only in the section.
        const name = `GF_${section.replaceAll(/[.-]/g, '_')}_${key.replaceAll('.', '_')}`;
        values.set(name.toUpperCase(), String(value));
      }
    }
  }
  return [...values].map(([name, value]) => ({ name, value }));
}
