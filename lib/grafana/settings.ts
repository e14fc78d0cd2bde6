import { z } from 'zod';
import { ownFiles } from '../own-files/own-files.ts';
import {
  componentSettings,
  extraArgs,
  mountSettings,
  resources,
  volumeSize,
} from '../settings/common.ts';
import { refuseCredentialArguments, refuseCredentials } from '../settings/credentials.ts';
import { allowedPeers } from '../settings/networks.ts';
import { placementSettings } from '../settings/placement.ts';
import { destinations, dnsLabel, urlText } from '../settings/units.ts';
import { checkOutside, outsideSettings } from './outside/settings.ts';
import { oidcSettings, requireClientSecret } from './sign-in/settings.ts';

const adminSecretHint = 'deploy creates the Secret grafana-admin with its value';

const metricsHint =
  'Mantis sets the login of the metrics, with the Secret grafana-metrics, once others than the stack may connect';

/** Keys of grafana.ini that are set elsewhere. */
const refusedKeys: Readonly<Record<string, string>> = {
  'security.admin_user': adminSecretHint,
  'security.admin_password': adminSecretHint,
  'security.secret_key': adminSecretHint,
  'metrics.basic_auth_username': metricsHint,
  'metrics.basic_auth_password': metricsHint,
  'server.root_url': 'grafana.url is it',
  'server.serve_from_sub_path':
    'Grafana serves below the path of grafana.url, and a proxy passes it on',
};

export const grafanaSettings = componentSettings({
  url: urlText(
    /^https?:\/\/[^\s/?#@]+(\/[\w.~-]+)*$/,
    'a URL such as https://grafana.example.com or https://example.com/grafana, without a slash at its end',
  )
    .default('http://localhost:3000')
    .describe(
      'URL at which people open Grafana, for links in alerts; with a path, Grafana serves everything below it. With https cookies are secure',
    ),
  ...outsideSettings,
  storage: volumeSize('1Gi', "Grafana's database"),
  ...resources({ cpu: '100m', memory: '320Mi', memoryLimit: '1Gi' }),
  allowedClients: allowedPeers
    .optional()
    .describe(
      'Who may connect to Grafana, such as an ingress controller or a load balancer: `namespaces` (`all`, or names), `labels` (of namespaces) and `cidrs` (addresses of what is no pod). Unset: nobody, so that Grafana is opened by port-forward',
    ),
  egress: destinations.describe(
    'Destinations outside the stack that Grafana may connect to, such as an identity provider, a mail server or other data sources',
  ),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys become environment variables of Grafana, such as GF_SMTP_PASSWORD',
    ),
  oidc: oidcSettings.optional(),
  ...mountSettings,
  ...placementSettings,
  dashboards: ownFiles.describe(
    'Your own dashboards as JSON, or directories with them, relative to mantis.yaml',
  ),
  datasources: ownFiles.describe(
    "Further data sources, as Grafana's provisioning files or directories with them, relative to mantis.yaml",
  ),
  extraArgs,
  extraConfig: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
    .default({})
    .describe('Sections and keys of grafana.ini, merged into the generated ones'),
}).check(
  ({ value, issues }) => {
    for (const [section, keys] of Object.entries(value.extraConfig)) {
      for (const [key, given] of Object.entries(keys)) {
        // What is so anyway.
        if (key === 'serve_from_sub_path' && given === true) continue;
        const hint = refusedKeys[`${section}.${key}`.toLowerCase()];
        if (hint === undefined) continue;
        const message = `no such key: ${hint}`;
        const path = ['extraConfig', section, key];
        issues.push({ code: 'custom', input: '(hidden)', path, message });
      }
    }
  },
  checkOutside,
  requireClientSecret,
  refuseCredentials(['extraConfig'], {
    reference: /\$__(env|file)\{[^}]+\}|\$\{\w+\}/g,
    wanted: 'the key GF_<SECTION>_<KEY> of the Secret that grafana.secret names',
  }),
  refuseCredentialArguments('the key GF_<SECTION>_<KEY> of the Secret that grafana.secret names'),
);

export type GrafanaSettings = z.output<typeof grafanaSettings>;
