import { secretFile } from '../../settings/common.ts';
import type { OutsideSettings } from './settings.ts';

/** The Secret with the password of Grafana's metrics. Created at deployment, never in dist/. */
export const metricsSecret = { name: 'grafana-metrics', password: 'password' } as const;

/** A login for basic authentication, whose password is a file of a mounted Secret. */
export interface FileLogin {
  readonly username: string;
  /** Name of the Secret. */
  readonly secret: string;
  readonly passwordFile: string;
}

/**
 * The login of Grafana's metrics. Grafana shows them to everyone who reaches it, and no Ingress can exclude a
 * path reliably, so they need a login once others than the stack may connect.
 *
 * @returns undefined where only the stack may connect
 */
export function metricsLogin({
  allowedClients,
  ingress,
  httpRoute,
}: Omit<OutsideSettings, 'url'> & { readonly allowedClients?: unknown }): FileLogin | undefined {
  if ([allowedClients, ingress, httpRoute].every((each) => each === undefined)) return undefined;
  const { name, password } = metricsSecret;
  return { username: 'prometheus', secret: name, passwordFile: secretFile(name, password) };
}
