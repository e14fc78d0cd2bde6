import { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  namespaceSelection,
  resources,
  volumeSize,
} from '../settings/common.ts';
import { destinations, dnsLabel } from '../settings/units.ts';
import { clouds } from './cloud.ts';
import { scrapeLimits } from '../telemetry/limits.ts';
import { checkHashKey, telemetrySettings } from './telemetry-settings.ts';

export const collectorSettings = componentSettings({
  storage: volumeSize('2Gi', 'the queues of the exporters'),
  ...resources({ cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' }),
  scrapeConfigs: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe(
      `scrape_configs in the format of Prometheus, for metrics endpoints that the collector scrapes. By default sample_limit is ${scrapeLimits.samples} and body_size_limit ${scrapeLimits.body}`,
    ),
  allowedSenders: z
    .union([z.literal('all'), namespaceSelection], 'all, or namespaces by name or labels')
    .default('all')
    .describe(
      'Namespaces whose pods may send telemetry, in addition to the stack: `all`, or `namespaces` (names) and `labels` of namespaces',
    ),
  egress: destinations.describe(
    'Destinations outside the stack that the collector may connect to, such as those of exporters in extraConfig',
  ),
  cloud: z
    .enum(clouds, `one of ${clouds.join(', ')}`)
    .optional()
    .describe(
      'The cloud of the cluster: adds cloud.provider, cloud.platform, cloud.account.id and cloud.region from its metadata service',
    ),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys become environment variables of the collector, for use in extraConfig',
    ),
  ...telemetrySettings,
  extraArgs,
  extraConfig,
}).check(checkHashKey);

export type CollectorSettings = z.output<typeof collectorSettings>;
