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

/** The namespaces and the cluster domain of a stack, and the URL whose path Grafana is below. */
export interface StackLocation {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly clusterView: { readonly namespace: string };
  readonly grafana: { readonly url: string };
}

/** The services whose place a store outside the stack can take. */
export type ReplaceableService = 'loki' | 'tempo';

/** Where an external store is: pods of a namespace, or addresses. */
export type ExternalDestination = Destination & { readonly namespace?: string };

/** A key of a Secret or of a ConfigMap. */
export interface CaCertificate {
  readonly configMap?: string;
  readonly secret?: string;
  readonly key: string;
}

/** How requests to an external store are sent. */
export interface StoreAccess {
  readonly credentials?: {
    readonly secret: string;
    readonly bearerTokenKey?: string;
    readonly usernameKey?: string;
    readonly passwordKey?: string;
  };
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: CaCertificate;
}

/** A store outside the stack, in the place of the one that Mantis deploys. */
export interface ExternalStore extends StoreAccess {
  /** Of its API. */
  readonly url: string;
  /** To which the collector sends by OTLP over HTTP. */
  readonly writeUrl: string;
  /** @default - derived from the URLs */
  readonly egress: readonly ExternalDestination[];
  readonly allowedWriters?: AllowedPeers;
}

export type ExternalStores = {
  readonly [Name in ReplaceableService]?: { readonly external?: ExternalStore };
};

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
  readonly loki: { readonly egress: readonly Destination[]; readonly external?: ExternalStore };
  readonly tempo: { readonly egress: readonly Destination[]; readonly external?: ExternalStore };
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
    readonly url: string;
    readonly allowedClients?: AllowedPeers;
    readonly egress: readonly Destination[];
  };
}
