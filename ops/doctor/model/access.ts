import { externalStoreOf, replaceableServices } from '../../../lib/model/external-store.ts';
import type { ReachableFrom } from '../../../lib/model/topology.ts';
import type { ExternalStores, ReplaceableService } from '../../../lib/model/topology-settings.ts';
import { datasourceUids } from '../../../lib/model/uids.ts';
import { datasourceApi, type GrafanaApi } from '../../stores/grafana.ts';
import type { HttpApi } from '../../stores/http.ts';
import type { SignalStore } from '../../stores/store.ts';

/** An endpoint that the doctor has an edge to, or the collector's health page, which has no Service. */
export type CheckedEndpoint = ReachableFrom<'doctor'> | 'otel-collector';

/** A URL, why there is none, or why the endpoint is skipped. */
export type Connection =
  | { readonly url: string }
  | { readonly error: string }
  | { readonly skipReason: string };

/** Where the doctor runs: on a machine with port-forwards, or in a pod of the cluster. */
export type Viewpoint = 'outside' | 'inside';

/** What the doctor knows of the stores that are not the stack's own, by the service they replace. */
export type StoreAccess = Partial<
  Readonly<Record<ReplaceableService, { readonly url: string; readonly secret?: string }>>
>;

export function externalAccess(settings: ExternalStores): StoreAccess {
  return Object.fromEntries(
    replaceableServices.flatMap((service) => {
      const store = externalStoreOf(service, settings);
      return store === undefined
        ? []
        : [[service, { url: store.url, secret: store.credentials?.secret }]];
    }),
  );
}

/** How the doctor reaches the endpoints of the stack. */
export interface StackAccess {
  readonly from: Viewpoint;
  readonly connections: Partial<Readonly<Record<CheckedEndpoint, Connection>>>;
  readonly externalStores: StoreAccess;
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

/** The API of a store: that of an external one through Grafana, which has its credential. */
export function storeApi(access: StackAccess, store: SignalStore['name']): HttpApi {
  return isExternal(access, store)
    ? viaGrafana(access, datasourceUids[store])
    : apiOf(access, store);
}

export function isExternal(
  { externalStores }: Pick<StackAccess, 'externalStores'>,
  service: string,
): service is ReplaceableService {
  return service in externalStores;
}

export function viaGrafana(access: StackAccess, uid: string): HttpApi {
  return datasourceApi(grafanaOf(access), uid);
}
