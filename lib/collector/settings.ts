import { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  mountSettings,
  resources,
  volumeSize,
} from '../settings/common.ts';
import {
  refuseCredentialArguments,
  refuseCredentials,
  requireSecretFor,
} from '../settings/credentials.ts';
import { allowedSenders } from '../settings/networks.ts';
import { placementSettings } from '../settings/placement.ts';
import { qualifiedNamePattern } from '../settings/scheduling.ts';
import { destinations, dnsLabel, text } from '../settings/units.ts';
import { scrapeLimits } from '../telemetry/limits.ts';
import { clouds } from './cloud.ts';
import { checkForward, forwardSettings } from './exporters/forward.ts';
import { externalAccessSettings } from './external/settings.ts';
import { extraPortSettings } from './extra-ports.ts';
import { checkHashKey, telemetrySettings } from './telemetry-settings.ts';

/** Keys of labels or annotations of pods. */
const metadataKeys = z
  .array(text(qualifiedNamePattern, 'a key such as team or app.kubernetes.io/part-of'))
  .default([]);

const kubernetesMetadata = z.strictObject({
  enabled: z
    .boolean('true or false')
    .default(true)
    .describe(
      'Add the names of pod, namespace, node and workload to telemetry whose pod is known; the collector gets the permission to list all pods of the cluster',
    ),
  labels: metadataKeys.describe(
    'Keys of labels of pods to add too, as resource attributes `k8s.pod.label.<key>`',
  ),
  annotations: metadataKeys.describe(
    'Keys of annotations of pods to add too, as resource attributes `k8s.pod.annotation.<key>`',
  ),
});

export type KubernetesMetadata = z.output<typeof kubernetesMetadata>;

export const collectorSettings = componentSettings({
  storage: volumeSize('2Gi', 'the queues of the exporters'),
  ...resources({ cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' }),
  scrapeConfigs: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe(
      `scrape_configs in the format of Prometheus, for metrics endpoints that the collector scrapes. By default sample_limit is ${scrapeLimits.samples} and body_size_limit ${scrapeLimits.body}`,
    ),
  allowedSenders: allowedSenders.describe(
    'Who may send telemetry, in addition to the stack: `all` for pods of all namespaces, or an object with `namespaces` (`all`, or names), `labels` (of namespaces) and `cidrs` (addresses of senders that are not pods). All others are denied',
  ),
  externalAccess: externalAccessSettings,
  egress: destinations.describe(
    'Destinations outside the stack that the collector may connect to, such as those of exporters in extraConfig',
  ),
  cloud: z
    .enum(clouds, `one of ${clouds.join(', ')}`)
    .optional()
    .describe(
      'The cloud of the cluster: adds cloud.provider, cloud.platform, cloud.account.id and cloud.region from its metadata service',
    ),
  kubernetesMetadata: kubernetesMetadata.prefault({}),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys become environment variables of the collector, for forward, scrapeConfigs and extraConfig',
    ),
  ...mountSettings,
  forward: forwardSettings,
  extraPorts: extraPortSettings,
  ...telemetrySettings,
  ...placementSettings,
  extraArgs,
  extraConfig,
}).check(
  checkHashKey,
  checkForward,
  requireSecretFor('forward'),
  refuseCredentials(['forward', 'scrapeConfigs', 'extraConfig'], {
    reference: /\$\{(\w+|env:\w+|file:[^}]+)\}/g,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
    wanted: '${env:NAME}, for the key NAME of the Secret that collector.secret names',
  }),
  refuseCredentialArguments('$(NAME), for the key NAME of the Secret that collector.secret names'),
);

export type CollectorSettings = z.output<typeof collectorSettings>;
