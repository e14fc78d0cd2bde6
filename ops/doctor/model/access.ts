import type { ReachableFrom } from '../../../lib/model/topology.ts';
import { datasourceApi, type GrafanaApi } from '../../stores/grafana.ts';
import type { HttpApi } from '../../stores/http.ts';

/** An endpoint that the doctor has an edge to, or the collector's health page, which has no Service. */
export type CheckedEndpoint = ReachableFrom<'doctor'> | 'otel-collector';

/** A URL, why there is none, or why the endpoint is skipped. */
export type Connection =
  | { readonly url: string }
  | { readonly error: string }
  | { readonly skipReason: string };

/** Where the doctor runs: on a machine with port-forwards, or in a pod of the cluster. */
export type Viewpoint = 'outside' | 'inside';

/** How the doctor reaches the endpoints of the stack. */
export interface StackAccess {
  readonly from: Viewpoint;
  readonly connections: Partial<Readonly<Record<CheckedEndpoint, Connection>>>;
  /** Grafana's login, or why it is not known. */
  readonly grafanaLogin: GrafanaApi['login'] | { readonly error: string };
  /** The limit of each check. */
  readonly timeoutSeconds: number;
  /** The limit of each request; shorter, so that a check can retry. */
  readonly requestTimeoutMs: number;
}

/** @throws Error with the reason where there is no connection */
export function endpointUrl(
  { connections }: Pick<StackAccess, 'connections'>,
  endpoint: CheckedEndpoint,
): string {
  const connection = connections[endpoint] ?? { error: `${endpoint} is not deployed` };
  if ('url' in connection) return connection.url;
  throw new Error('error' in connection ? connection.error : connection.skipReason);
}

export function apiOf(access: StackAccess, endpoint: CheckedEndpoint): HttpApi {
  return { url: endpointUrl(access, endpoint), timeoutMs: access.requestTimeoutMs };
}

/** @throws Error with the reason where Grafana cannot be reached */
export function grafanaOf(access: StackAccess): GrafanaApi {
  const { grafanaLogin: login } = access;
  if ('error' in login) throw new Error(login.error);
  return { url: endpointUrl(access, 'grafana'), login, timeoutMs: access.requestTimeoutMs };
}

export function viaGrafana(access: StackAccess, uid: string): HttpApi {
  return datasourceApi(grafanaOf(access), uid);
}
