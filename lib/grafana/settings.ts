import { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  namespaceSelection,
  resources,
  volume,
} from '../settings/common.ts';
import { destinations, dnsLabel, text } from '../settings/units.ts';

export const grafanaSettings = componentSettings({
  url: text(/^https?:\/\/[^\s/]+(\/[^\s/]+)*$/, 'a URL without a slash at its end')
    .default('http://localhost:3000')
    .describe('Where people open Grafana; links in alerts lead there'),
  storage: volume('1Gi', "Grafana's own database: users and their dashboards"),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  visitors: namespaceSelection
    .optional()
    .describe(
      "Whose pods may open Grafana, such as an ingress controller's: those of `namespaces` (names) or of namespaces with `labels`; left out, nobody's, and people come by port-forward",
    ),
  egress: destinations.describe(
    'Where Grafana may connect to beside the stack: a login service, a mail server, data sources of yours',
  ),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys Grafana sees as variables, such as GF_SMTP_PASSWORD',
    ),
  extraArgs,
  extraConfig: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
    .default({})
    .describe('Sections and keys of grafana.ini, merged into ours'),
});

export type GrafanaSettings = z.output<typeof grafanaSettings>;
