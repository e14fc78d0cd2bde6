// Generated from the schema of settings by npm run docs.
import type { Duration, Size } from 'cdk8s';
import type { z } from 'zod';
import type { prometheusSettings } from './settings.ts';

type Input = z.input<typeof prometheusSettings>;

/** Options of Prometheus. */
export interface PrometheusOptions {
  /**
   * Retention of metrics.
   * @default '15d'
   */
  readonly retention?: string | Duration;
  /**
   * Size of the volume that holds metrics; the oldest are deleted above 80 % of it.
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
   * @default '256Mi'
   */
  readonly memory?: string | Size;
  /**
   * Memory limit; GOMEMLIMIT of Go programs is 80 % of it.
   * @default '1Gi'
   */
  readonly memoryLimit?: string | Size;
  /**
   * An object with `enabled`, `namespaces`, `sampleLimit`, `bodySizeLimit`.
   * @default {}
   */
  readonly annotatedPods?: Input['annotatedPods'];
  /**
   * remote_write in the format of Prometheus, for further stores of all metrics, recording rules
   * and span metrics included.
   * @default []
   */
  readonly remoteWrite?: Input['remoteWrite'];
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
