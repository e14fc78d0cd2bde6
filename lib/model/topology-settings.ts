/** Addresses outside the stack that a pod may connect to. */
export interface Destination {
  /** Addresses, as a CIDR block. @default - every address of IPv4 and IPv6 */
  readonly cidr?: string;
  readonly port: number;
}

/** All pods of some namespaces, selected by name or by label, and addresses of what is no pod. */
export interface AllowedPeers {
  readonly namespaces: 'all' | readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** CIDR blocks. */
  readonly cidrs: readonly string[];
}

/** Where the DNS of the cluster is. */
export interface DnsLocation {
  readonly pods: readonly {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  /** CIDR blocks. */
  readonly cidrs: readonly string[];
  readonly ports: readonly number[];
}

/** The namespaces and the cluster domain of a stack. */
export interface StackLocation {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly clusterView: { readonly namespace: string };
}

/** By what senders outside the cluster authenticate. */
export interface ExternalAccess {
  readonly bearerTokens?: unknown;
  readonly basicAuth?: unknown;
  readonly sender?: string;
  readonly browsers?: unknown;
}

/** The settings that decide which services are deployed and who may connect to them. */
export interface TopologySettings extends StackLocation {
  readonly networkPolicies: boolean;
  readonly apiServerAddresses: readonly Destination[];
  readonly nodeCidrs: readonly string[];
  readonly dns: DnsLocation;
  readonly testApp: { readonly enabled: boolean };
  readonly clusterView: { readonly enabled: boolean; readonly namespace: string };
  readonly prometheus: {
    readonly egress: readonly Destination[];
    readonly remoteWrite: readonly unknown[];
    readonly annotatedPods: {
      readonly enabled: boolean;
      readonly namespaces: 'all' | readonly string[];
    };
  };
  readonly egressProxy: { readonly url?: string; readonly cidr?: string };
  readonly backup: { readonly schedule?: string; readonly egress: readonly Destination[] };
  readonly loki: { readonly egress: readonly Destination[] };
  readonly tempo: { readonly egress: readonly Destination[] };
  readonly alertmanager: { readonly egress: readonly Destination[] };
  readonly collector: {
    readonly allowedSenders: 'all' | AllowedPeers;
    readonly externalAccess?: ExternalAccess & { readonly allowedSources: 'all' | AllowedPeers };
    readonly egress: readonly Destination[];
    readonly cloud?: unknown;
    readonly scrapeConfigs: readonly unknown[];
    readonly extraPorts: readonly { readonly port: number; readonly protocol: 'TCP' | 'UDP' }[];
    readonly kubernetesMetadata: { readonly enabled: boolean };
  };
  readonly grafana: {
    readonly allowedClients?: AllowedPeers;
    readonly egress: readonly Destination[];
  };
}
