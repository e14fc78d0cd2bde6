import type {
  ExternalDestination,
  ExternalStore,
  ExternalStores,
  ReplaceableService,
} from './topology-settings.ts';

/** The services whose place a store outside the stack can take. */
export const replaceableServices = ['loki', 'tempo'] as const satisfies ReplaceableService[];

/** The external store in the place of a service; undefined for a service that the stack has. */
export function externalStoreOf(
  service: string,
  settings: ExternalStores,
): ExternalStore | undefined {
  return isReplaceable(service) ? settings[service]?.external : undefined;
}

function isReplaceable(service: string): service is ReplaceableService {
  return replaceableServices.some((each) => each === service);
}

/**
 * Where the pods that use a URL of a store have to get to. A host such as `loki.stores.svc`, or
 * `loki-0.loki.stores.svc` of a headless Service, is in a namespace of the cluster; an address is
 * itself; of another host only the port is known.
 *
 * @param throughProxy whether what is outside the cluster is reached through a proxy
 */
export function destinationsOf(
  { egress }: Pick<ExternalStore, 'egress'>,
  url: string,
  { clusterDomain, throughProxy }: { clusterDomain: string; throughProxy: boolean },
): readonly ExternalDestination[] {
  if (egress.length > 0) return egress;
  const { hostname, protocol, port: given } = new URL(url);
  const port = Number(given || (protocol === 'https:' ? 443 : 80));
  const [, namespace, domain] = /^(?:[^.]+\.)+?([^.]+)\.svc(?:\.(.+))?$/.exec(hostname) ?? [];
  if (namespace !== undefined && (domain ?? clusterDomain) === clusterDomain) {
    return [{ namespace, port }];
  }
  if (throughProxy) return [];
  if (/^[\d.]+$/.test(hostname)) return [{ cidr: `${hostname}/32`, port }];
  if (hostname.startsWith('[')) return [{ cidr: `${hostname.slice(1, -1)}/128`, port }];
  return [{ port }];
}
