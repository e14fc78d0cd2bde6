// Generated from the schema of settings by npm run docs.
import type { Duration, Size } from 'cdk8s';
import type { z } from 'zod';
import type { tempoSettings } from './settings.ts';

type Input = z.input<typeof tempoSettings>;

/** Options of Tempo. */
export interface TempoOptions {
  /**
   * Retention of traces.
   * @default '48h'
   */
  readonly retention?: string | Duration;
  /**
   * Size of the volume that holds traces and their write-ahead log.
   * @default '10Gi'
   */
  readonly storage?: string | Size;
  /**
   * CPU request; there is no CPU limit.
   * @default '100m'
   */
  readonly cpu?: string;
  /**
   * Memory request.
   * @default '320Mi'
   */
  readonly memory?: string | Size;
  /**
   * Memory limit; GOMEMLIMIT of Go programs is 80 % of it.
   * @default '1Gi'
   */
  readonly memoryLimit?: string | Size;
  /**
   * Maximum number of series that Tempo generates from spans; spans beyond it are counted without
   * their service.
   * @default - a fifth of alerts.maxSeries
   */
  readonly maxActiveSeries?: number;
  /**
   * Name of an existing Secret whose keys become environment variables of Tempo, which extraConfig
   * may refer to.
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
