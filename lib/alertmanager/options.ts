// Generated from the schema of settings by npm run docs.
import type { Size } from 'cdk8s';
import type { z } from 'zod';
import type { alertmanagerSettings } from './settings.ts';

type Input = z.input<typeof alertmanagerSettings>;

/** Options of Alertmanager. */
export interface AlertmanagerOptions {
  /**
   * Receivers of notifications, each with webhook, slack, email or pagerduty. Without receivers
   * alerts are only visible in Grafana and Alertmanager.
   * @default []
   */
  readonly receivers?: Input['receivers'];
  /**
   * Named time intervals, for `activeTimes` and `muteTimes` of receivers, in the format of the
   * configuration of Alertmanager.
   * @default []
   */
  readonly timeIntervals?: Input['timeIntervals'];
  /**
   * Name of an existing Secret with the keys that receivers refer to.
   * @default - none
   */
  readonly secret?: string;
  /**
   * Size of the volume that holds silences and the notification log.
   * @default '1Gi'
   */
  readonly storage?: string | Size;
  /**
   * CPU request; there is no CPU limit.
   * @default '10m'
   */
  readonly cpu?: string;
  /**
   * Memory request.
   * @default '32Mi'
   */
  readonly memory?: string | Size;
  /**
   * Memory limit; GOMEMLIMIT of Go programs is 80 % of it.
   * @default '128Mi'
   */
  readonly memoryLimit?: string | Size;
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
