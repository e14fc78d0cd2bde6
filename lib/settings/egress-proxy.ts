import type { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { servicesOf } from '../model/ports.ts';
import type { Destination } from '../model/topology-settings.ts';
import { cidr, text } from './units.ts';

/** Without credentials, which would be in every manifest. */
const proxyUrl = text(
  /^http:\/\/[^\s/@:[\]]+:\d{1,5}$|^http:\/\/\[[\da-f:]+\]:\d{1,5}$/i,
  'the URL of an HTTP proxy with its port and without credentials, such as http://proxy.example.com:3128',
);

/** The HTTP proxy through which pods leave the cluster. */
export const egressProxySettings = z.strictObject({
  url: proxyUrl
    .optional()
    .describe(
      'HTTP proxy for what leaves the cluster: notifications of Alertmanager except e-mail, Grafana, exporters of the collector, further stores of Prometheus, and scheduled backups. Unset: none',
    ),
  noProxy: z
    .array(
      text(/^[^\s,]+$/, 'a host name, a domain with a leading dot, an address or a CIDR block'),
    )
    .default([])
    .describe(
      'Hosts, domains with a leading dot, addresses and CIDR blocks that are reached without the proxy, in addition to everything in the cluster',
    ),
  cidr: cidr
    .optional()
    .describe(
      'Addresses of the proxy, as a CIDR block, for the NetworkPolicies. Unset: every address',
    ),
});

export type EgressProxy = z.output<typeof egressProxySettings>;

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
