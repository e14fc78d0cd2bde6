import { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  namespaceSelection,
  resources,
  volume,
} from '../settings/common.ts';
import { destinations, dnsLabel } from '../settings/units.ts';
import { checkHashKey, telemetryOptions } from './telemetry-settings.ts';

export const collectorSettings = componentSettings({
  storage: volume('2Gi', 'telemetry that waits for a store that is away'),
  ...resources({ cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' }),
  scrapeConfigs: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe("Prometheus scrape_configs for apps' own /metrics pages, scraped by the collector"),
  senders: z
    .union([z.literal('all'), namespaceSelection], 'all, or namespaces by name or labels')
    .default('all')
    .describe(
      'Whose pods may send telemetry beside our own: `all`, or those of `namespaces` (names) or of namespaces with `labels`',
    ),
  egress: destinations.describe(
    'Where the collector may connect to beside the stack: what exporters in extraConfig need',
  ),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys the collector sees as variables, for use in extraConfig',
    ),
  ...telemetryOptions,
  extraArgs,
  extraConfig,
}).check(checkHashKey);

export type CollectorSettings = z.output<typeof collectorSettings>;
