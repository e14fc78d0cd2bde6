import { z } from 'zod';
import { cidr, dnsLabel, text } from './units.ts';

/** Settings that become peers of NetworkPolicies. An empty list of peers would allow everybody. */

const noOpenBlock =
  'a CIDR block such as 10.0.0.0/16, 203.0.113.7/32 or 2001:db8::/32, but no /0, which admits every address';

/** /0 is refused: the collector does not authenticate senders. */
const narrowCidr = text(
  new RegExp(`^(?!.*/0$)(?:${z.regexes.cidrv4.source}|${z.regexes.cidrv6.source})$`),
  noOpenBlock,
);

const noPeers =
  'an object with namespaces (all, or a list of names), labels (of namespaces), cidrs (a list of CIDR blocks), or several of these';

/** The pods and addresses that a setting allows to connect. */
export const allowedPeers = z
  .strictObject({
    namespaces: z
      .union([z.literal('all'), z.array(dnsLabel)], 'all, or a list of names of namespaces')
      .default([])
      .describe('Namespaces whose pods may connect: `all`, or a list of names'),
    labels: z
      .record(z.string().min(1), z.string())
      .refine(
        (labels) => Object.keys(labels).length > 0,
        'at least one label; namespaces: all selects every namespace',
      )
      .optional()
      .describe('Namespaces whose pods may connect, by their labels'),
    cidrs: z
      .array(narrowCidr)
      .default([])
      .describe(
        'Addresses that may connect, as CIDR blocks (IPv4 or IPv6), for clients that are not pods, such as load balancers and virtual machines, and for pods with hostNetwork',
      ),
  })
  .refine(
    ({ namespaces, labels, cidrs }) =>
      namespaces.length > 0 || labels !== undefined || cidrs.length > 0,
    noPeers,
  );

const allOrPeers = z.union([z.literal('all'), allowedPeers], `all, or ${noPeers}`).default('all');

/** Who may send telemetry: all is the pods of all namespaces. */
export const allowedSenders = allOrPeers;

/** Who may send telemetry with a credential: all is every pod and every address. */
export const allowedSources = allOrPeers;

const dnsPods = z.strictObject({
  namespace: dnsLabel.describe('Namespace of the pods'),
  labels: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe('Labels of the pods. Unset: all pods of the namespace'),
});

const dnsPort = 'a port number from 1 to 65535';

/** Where the DNS of the cluster is, for the NetworkPolicy of every pod. */
export const dnsSettings = z
  .strictObject({
    pods: z
      .array(dnsPods)
      .default([{ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }])
      .describe(
        'Pods that answer DNS queries, each with `namespace` and `labels`, for the NetworkPolicies of all pods',
      ),
    cidrs: z
      .array(cidr)
      .default(['169.254.0.0/16'])
      .describe(
        'Addresses that answer DNS queries, as CIDR blocks, such as those of NodeLocal DNSCache or of a resolver outside the cluster',
      ),
    ports: z
      .array(z.int(dnsPort).min(1, dnsPort).max(65535, dnsPort))
      .min(1, 'at least one port number')
      .default([53])
      .describe('Ports of these pods and addresses, over UDP and TCP'),
  })
  .refine(
    ({ pods, cidrs }) => pods.length > 0 || cidrs.length > 0,
    'pods, cidrs or both: without DNS no pod finds another',
  );

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
