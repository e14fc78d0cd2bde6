import { basePathOf } from './base-path.ts';
import { externalStoreOf } from './external-store.ts';
import { isService, namespaceOf } from './parts.ts';
import type { AnyServiceName } from './ports.ts';
import { type Endpoint, type EndpointName, endpoints, type ReachableFrom } from './topology.ts';
import type { ExternalStores, StackLocation } from './topology-settings.ts';

/** The fully qualified DNS name of a Service. */
export function host(service: AnyServiceName, location: StackLocation): string {
  return `${service}.${namespaceOf(service, location)}.svc.${location.clusterDomain}`;
}

/** The address of an endpoint, valid in every namespace: a URL, or host:port for gRPC. */
export function address(name: EndpointName, location: StackLocation): string {
  const endpoint: Endpoint = endpoints[name];
  return atHost(host(endpoint.service, location), endpoint, location);
}

/**
 * The addresses that a service may use. An address without a declared edge does not compile, so no
 * configuration can contain a URL that the NetworkPolicies would block. In its own namespace a service
 * is addressed by its name alone, so that the manifests work in whatever namespace they are applied to.
 * An external store has the URLs of the settings.
 */
export function addressesFor<From extends AnyServiceName | 'backup'>(
  from: From,
  location: StackLocation & ExternalStores,
) {
  const own = isService(from) ? namespaceOf(from, location) : location.namespace;
  return (to: ReachableFrom<From>): string => {
    const endpoint: Endpoint = endpoints[to];
    const external = externalStoreOf(endpoint.service, location);
    if (external !== undefined) return to.includes('Otlp') ? external.writeUrl : external.url;
    const sameNamespace = namespaceOf(endpoint.service, location) === own;
    return sameNamespace ? atHost(endpoint.service, endpoint, location) : address(to, location);
  };
}

function atHost(
  name: string,
  { service, port, protocol, path = '' }: Endpoint,
  location: StackLocation,
): string {
  if (protocol === 'grpc') return `${name}:${port.number}`;
  return `http://${name}:${port.number}${basePathOf(service, location)}${path}`;
}
