import { type AnyServiceName, isClusterViewService } from './ports.ts';
import {
  type ClusterViewEndpointName,
  clusterViewEndpoints,
  type Endpoint,
  type EndpointName,
  endpoints,
  isEndpoint,
  type ReachableFrom,
} from './topology.ts';
import type { StackLocation } from './topology-settings.ts';

/** The namespace that a service is in. */
export function namespaceOf(service: AnyServiceName, location: StackLocation): string {
  return isClusterViewService(service) ? location.clusterView.namespace : location.namespace;
}

/** The fully qualified DNS name of a Service. */
export function host(service: AnyServiceName, location: StackLocation): string {
  return `${service}.${namespaceOf(service, location)}.svc.${location.clusterDomain}`;
}

/** The address of an endpoint in a configuration: a URL, or host:port for gRPC. */
export function address(
  name: EndpointName | ClusterViewEndpointName,
  location: StackLocation,
): string {
  const endpoint: Endpoint<AnyServiceName> = isEndpoint(name)
    ? endpoints[name]
    : clusterViewEndpoints[name];
  const hostPort = `${host(endpoint.service, location)}:${endpoint.port.number}`;
  return endpoint.protocol === 'grpc' ? hostPort : `http://${hostPort}${endpoint.path ?? ''}`;
}

/**
 * The addresses that a service may use. An address without a declared edge does not compile, so no
 * configuration can contain a URL that the NetworkPolicies would block.
 */
export function addressesFor<From extends AnyServiceName>(_from: From, location: StackLocation) {
  return (to: ReachableFrom<From>): string => address(to, location);
}
