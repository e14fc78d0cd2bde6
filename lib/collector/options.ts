// Generated from the schema of settings by npm run docs.
import type { Size } from 'cdk8s';
import type { z } from 'zod';
import type { collectorSettings } from './settings.ts';

type Input = z.input<typeof collectorSettings>;

/** Options of the OpenTelemetry Collector. */
export interface CollectorOptions {
  /**
   * Size of the volume that holds the queues of the exporters.
   * @default '2Gi'
   */
  readonly storage?: string | Size;
  /**
   * CPU request; there is no CPU limit.
   * @default '100m'
   */
  readonly cpu?: string;
  /**
   * Memory request.
   * @default '128Mi'
   */
  readonly memory?: string | Size;
  /**
   * Memory limit; GOMEMLIMIT of Go programs is 80 % of it.
   * @default '512Mi'
   */
  readonly memoryLimit?: string | Size;
  /**
   * scrape_configs in the format of Prometheus, for metrics endpoints that the collector scrapes.
   * By default sample_limit is 10000 and body_size_limit 2Mi.
   * @default []
   */
  readonly scrapeConfigs?: Input['scrapeConfigs'];
  /**
   * An object with `tls`, `bearerTokens`, `basicAuth`, `sender`, `senderAttribute`,
   * `maxRequestSize`, `browsers`, `allowedSources`, `service`, `ingress`.
   * @default - none
   */
  readonly externalAccess?: Input['externalAccess'];
  /**
   * The cloud of the cluster: adds cloud.provider, cloud.platform, cloud.account.id and
   * cloud.region from its metadata service.
   * @default - none
   */
  readonly cloud?: 'aws' | 'azure' | 'gcp';
  /**
   * An object with `enabled`, `labels`, `annotations`.
   * @default {}
   */
  readonly kubernetesMetadata?: Input['kubernetesMetadata'];
  /**
   * Name of an existing Secret whose keys become environment variables of the collector, for
   * forward, scrapeConfigs and extraConfig.
   * @default - none
   */
  readonly secret?: string;
  /**
   * Names of existing Secrets whose keys are mounted as files: `/etc/secrets/<name>/<key>`.
   * @default []
   */
  readonly mountedSecrets?: Input['mountedSecrets'];
  /**
   * Names of existing ConfigMaps, such as one with a CA certificate, whose keys are mounted as
   * files: `/etc/configmaps/<name>/<key>`.
   * @default []
   */
  readonly mountedConfigMaps?: Input['mountedConfigMaps'];
  /**
   * Further OTLP destinations, such as a vendor or the collector of another cluster, each with its
   * own queue on disk.
   * @default - none
   */
  readonly forward?: Input['forward'];
  /**
   * Ports of receivers in extraConfig, each with `name`, `port` and `protocol` (TCP or UDP), for
   * the Service and for those in allowedSenders.
   * @default []
   */
  readonly extraPorts?: Input['extraPorts'];
  /**
   * Telemetry that is dropped: rules for `traces` (by paths, names), `logs` (by belowSeverity,
   * bodies) or `metrics` (by names), each also by services and attributes; a rule drops an item if
   * all its keys match.
   * @default []
   */
  readonly drop?: Input['drop'];
  /**
   * An object with `traces`, `logs`, `metrics`.
   * @default {}
   */
  readonly transform?: Input['transform'];
  /**
   * An object with `delete`, `hash`, `hashKey`, `mask`, `patterns`.
   * @default {}
   */
  readonly redact?: Input['redact'];
  /**
   * Sampling of traces: none (`mode: none`), a percentage by trace id (`head`), or a percentage
   * and all traces that are slow, have errors or belong to certain services (`tail`).
   * @default {'mode':'none'}
   */
  readonly sampling?: Input['sampling'];
  /**
   * Arguments that are appended to the command line of the program.
   * @default []
   */
  readonly extraArgs?: Input['extraArgs'];
  /**
   * Configuration in the component's own format, merged into the generated one: maps are merged,
   * lists are appended, other values replace the generated ones.
   * @default {}
   */
  readonly extraConfig?: Input['extraConfig'];
}
