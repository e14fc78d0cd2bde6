import type { k8s } from 'cdk8s-plus-28';
import { servicesOf } from '../model/ports.ts';
import type { Destination } from '../model/topology-settings.ts';
import type { EgressProxy } from '../settings/networks.ts';

/** Where NetworkPolicies have to let pods out; undefined without a proxy. */
export function proxyDestination({
  url,
  cidr,
}: Pick<EgressProxy, 'url' | 'cidr'>): Destination | undefined {
  return url === undefined ? undefined : { cidr, port: Number(/\d+$/.exec(url)?.[0]) };
}

/** What is in the cluster: names of Services, alone and in full, and the address of the API server. */
const inCluster = (clusterDomain: string) => [
  ...['localhost', '127.0.0.1', '::1', '.svc', `.${clusterDomain}`],
  ...servicesOf('stack'),
  // Kubernetes replaces it; client-go connects to this address.
  '$(KUBERNETES_SERVICE_HOST)',
];

/** The variables that Go programs read; none without a proxy. */
export function proxyVariables(
  { url, noProxy }: Pick<EgressProxy, 'url' | 'noProxy'>,
  clusterDomain = 'cluster.local',
): k8s.EnvVar[] {
  if (url === undefined) return [];
  return [
    { name: 'HTTP_PROXY', value: url },
    { name: 'HTTPS_PROXY', value: url },
    { name: 'NO_PROXY', value: [...inCluster(clusterDomain), ...noProxy].join(',') },
  ];
}
