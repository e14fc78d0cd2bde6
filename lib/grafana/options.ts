// Generated from the schema of settings by npm run docs.
import type { Size } from 'cdk8s';
import type { z } from 'zod';
import type { grafanaSettings } from './settings.ts';

type Input = z.input<typeof grafanaSettings>;

/** Options of Grafana. */
export interface GrafanaOptions {
  /**
   * URL at which people open Grafana, for links in alerts; with a path, Grafana serves everything
   * below it. With https cookies are secure.
   * @default 'http://localhost:3000'
   */
  readonly url?: string;
  /**
   * An object with `className`, `annotations`, `tlsSecret`.
   * @default - none
   */
  readonly ingress?: Input['ingress'];
  /**
   * An object with `parentRefs`, `annotations`.
   * @default - none
   */
  readonly httpRoute?: Input['httpRoute'];
  /**
   * Size of the volume that holds Grafana's database.
   * @default '1Gi'
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
   * Name of an existing Secret whose keys become environment variables of Grafana, such as
   * GF_SMTP_PASSWORD.
   * @default - none
   */
  readonly secret?: string;
  /**
   * An object with `name`, `clientId`, `authUrl`, `tokenUrl`, `apiUrl`, `scopes`, `groupsClaim`,
   * `roles`, `roleAttributePath`, `allowedDomains`, `autoLogin`, `pkce`, `caSecret`.
   * @default - none
   */
  readonly oidc?: Input['oidc'];
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
   * Sections and keys of grafana.ini, merged into the generated ones.
   * @default {}
   */
  readonly extraConfig?: Input['extraConfig'];
}
