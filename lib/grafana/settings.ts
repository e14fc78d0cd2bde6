import { z } from 'zod';
import { ownFiles } from '../own-files/own-files.ts';
import { componentSettings, extraArgs, resources, volumeSize } from '../settings/common.ts';
import { allowedPeers } from '../settings/networks.ts';
import { placementSettings } from '../settings/placement.ts';
import { destinations, dnsLabel, text } from '../settings/units.ts';

export const grafanaSettings = componentSettings({
  url: text(/^https?:\/\/[^\s/]+(\/[^\s/]+)*$/, 'a URL without a slash at its end')
    .default('http://localhost:3000')
    .describe('URL at which people open Grafana, for links in alerts'),
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
});

export type GrafanaSettings = z.output<typeof grafanaSettings>;
