import { readyPath } from '../telemetry/app-paths.ts';

import { sourceFile } from './source.ts';

/**
 * Which service listens on which port, and who connects to it. Services, URLs in configurations,
 * NetworkPolicies and the port table in the docs are generated from these tables; no other file
 * holds a port number.
 */

export const topologySource = sourceFile(import.meta.filename);

/** Addresses outside the stack that a pod may connect to. */
export interface Destination {
  /** Addresses, as a CIDR block. */
  readonly cidr: string;
  readonly port: number;
}

/** All pods of some namespaces, selected by name or by label. */
export interface NamespaceSelection {
  readonly namespaces: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** The namespaces and the cluster domain of a stack. */
export interface StackLocation {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly clusterView: { readonly namespace: string };
}

/** The settings that decide which services are deployed and who may connect to them. */
export interface TopologySettings extends StackLocation {
  readonly networkPolicies: boolean;
  readonly apiServerAddresses: readonly Destination[];
  readonly nodeCidrs: readonly string[];
  readonly testApp: { readonly enabled: boolean };
  readonly clusterView: { readonly enabled: boolean; readonly namespace: string };
  readonly alertmanager: { readonly egress: readonly Destination[] };
  readonly collector: {
    readonly allowedSenders: 'all' | NamespaceSelection;
    readonly egress: readonly Destination[];
    readonly scrapeConfigs: readonly unknown[];
  };
  readonly grafana: {
    readonly allowedClients?: NamespaceSelection;
    readonly egress: readonly Destination[];
  };
}

export interface Port {
  /** Name of the port in the Service and in the container. */
  readonly name: string;
  readonly number: number;
  /** Only the kubelet's probes use it, so no Service exposes it. */
  readonly probeOnly?: true;
}

/** The ports of every workload, by the name of its Service. */
export const ports = {
  'otel-collector': {
    otlpGrpc: { name: 'otlp-grpc', number: 4317 },
    otlpHttp: { name: 'otlp-http', number: 4318 },
    metrics: { name: 'metrics', number: 8888 },
    /** Of the health_check extension, whose default this is. */
    health: { name: 'health', number: 13133, probeOnly: true },
  },
  prometheus: { web: { name: 'web', number: 9090 } },
  alertmanager: { web: { name: 'web', number: 9093 } },
  loki: { http: { name: 'http-metrics', number: 3100 } },
  tempo: {
    http: { name: 'http-metrics', number: 3200 },
    otlpGrpc: { name: 'otlp-grpc', number: 4317 },
  },
  grafana: { http: { name: 'http', number: 3000 } },
  shop: { http: { name: 'http', number: 5000 } },
  orders: { http: { name: 'http', number: 5000 } },
  inventory: { http: { name: 'http', number: 5000 } },
  payments: { http: { name: 'http', number: 5000 } },
} as const satisfies Record<string, Record<string, Port>>;

/** Name of a Kubernetes Service of the stack. */
export type ServiceName = keyof typeof ports;

/** The ports of the workloads of the cluster view, which is optional and has its own namespace. */
export const clusterViewPorts = {
  'node-collector': {
    metrics: { name: 'metrics', number: 8888 },
    health: { name: 'health', number: 13133, probeOnly: true },
  },
  'event-collector': {
    metrics: { name: 'metrics', number: 8888 },
    health: { name: 'health', number: 13133, probeOnly: true },
  },
  'kube-state-metrics': {
    http: { name: 'http-metrics', number: 8080 },
    /** Its own metrics and its readiness endpoint. */
    telemetry: { name: 'telemetry', number: 8081, probeOnly: true },
  },
} as const satisfies Record<string, Record<string, Port>>;

export type ClusterViewServiceName = keyof typeof clusterViewPorts;
export const clusterViewServices = Object.keys(
  clusterViewPorts,
) as readonly ClusterViewServiceName[];

/** Name of a Service of the stack or of the cluster view. */
export type AnyServiceName = ServiceName | ClusterViewServiceName;

export function isClusterViewService(name: string): name is ClusterViewServiceName {
  return name in clusterViewPorts;
}

/** Path of the readiness endpoint of each service; the collector's is on its health port. */
export const readyPaths: Readonly<Record<ServiceName, string>> = {
  'otel-collector': '/',
  prometheus: '/-/ready',
  alertmanager: '/-/ready',
  loki: '/ready',
  tempo: '/ready',
  grafana: '/api/health',
  shop: readyPath,
  orders: readyPath,
  inventory: readyPath,
  payments: readyPath,
};

export interface Endpoint<Of = ServiceName> {
  readonly service: Of;
  readonly port: Port;
  /** `grpc` endpoints are addressed as host:port, `http` ones as a URL. */
  readonly protocol: 'http' | 'grpc';
  readonly path?: string;
}

/** The endpoints of the stack that other pods use. */
export const endpoints = {
  otlpGrpc: {
    service: 'otel-collector',
    port: ports['otel-collector'].otlpGrpc,
    protocol: 'grpc',
  },
  otlpHttp: {
    service: 'otel-collector',
    port: ports['otel-collector'].otlpHttp,
    protocol: 'http',
  },
  collectorMetrics: {
    service: 'otel-collector',
    port: ports['otel-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  prometheus: { service: 'prometheus', port: ports.prometheus.web, protocol: 'http' },
  prometheusOtlp: {
    service: 'prometheus',
    port: ports.prometheus.web,
    protocol: 'http',
    path: '/api/v1/otlp',
  },
  prometheusRemoteWrite: {
    service: 'prometheus',
    port: ports.prometheus.web,
    protocol: 'http',
    path: '/api/v1/write',
  },
  alertmanager: { service: 'alertmanager', port: ports.alertmanager.web, protocol: 'http' },
  loki: { service: 'loki', port: ports.loki.http, protocol: 'http' },
  lokiOtlp: { service: 'loki', port: ports.loki.http, protocol: 'http', path: '/otlp' },
  tempo: { service: 'tempo', port: ports.tempo.http, protocol: 'http' },
  tempoOtlp: { service: 'tempo', port: ports.tempo.otlpGrpc, protocol: 'grpc' },
  grafana: { service: 'grafana', port: ports.grafana.http, protocol: 'http' },
  shop: { service: 'shop', port: ports.shop.http, protocol: 'http' },
  orders: { service: 'orders', port: ports.orders.http, protocol: 'http' },
  inventory: { service: 'inventory', port: ports.inventory.http, protocol: 'http' },
  payments: { service: 'payments', port: ports.payments.http, protocol: 'http' },
} as const satisfies Record<string, Endpoint>;

/** The endpoints of the cluster view that other pods use. */
export const clusterViewEndpoints = {
  nodeCollectorMetrics: {
    service: 'node-collector',
    port: clusterViewPorts['node-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  eventCollectorMetrics: {
    service: 'event-collector',
    port: clusterViewPorts['event-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  kubeStateMetrics: {
    service: 'kube-state-metrics',
    port: clusterViewPorts['kube-state-metrics'].http,
    protocol: 'http',
    path: '/metrics',
  },
} as const satisfies Record<string, Endpoint<ClusterViewServiceName>>;

export type EndpointName = keyof typeof endpoints;
export type ClusterViewEndpointName = keyof typeof clusterViewEndpoints;

/**
 * A peer that is no service of the stack; `network-policies.ts` defines which pods or addresses it
 * is.
 */
export type ExternalPeer =
  /** Pods of any namespace that send OTLP. */
  | 'applications'
  /** Pods that may open Grafana, such as an ingress controller. */
  | 'grafana-clients'
  /** Pods of any namespace with the annotation `prometheus.io/scrape`. */
  | 'annotated-pods'
  /** Pods that send requests to the test app: simulated customers and load tests. */
  | 'load-generators'
  /** The pod of `make doctor INSIDE=1`, while it runs. */
  | 'doctor'
  /** The kubelet of every node, on port 10250. */
  | 'kubelets'
  | 'api-server';

/** The scrape job of annotated pods, which are not part of the stack. */
export const annotatedPodsJob = 'annotated-pods' satisfies ExternalPeer;

export interface Edge {
  readonly from: AnyServiceName | ExternalPeer;
  readonly to: EndpointName | ClusterViewEndpointName | ExternalPeer;
  readonly purpose: string;
}

/**
 * Every allowed connection. A construct gets the address of an endpoint only if an edge leads
 * there.
 */
export const edges = [
  { from: 'applications', to: 'otlpGrpc', purpose: 'traces, metrics and logs of your apps' },
  { from: 'applications', to: 'otlpHttp', purpose: 'traces, metrics and logs of your apps' },
  { from: 'shop', to: 'otlpHttp', purpose: 'traces, metrics and logs' },
  { from: 'orders', to: 'otlpHttp', purpose: 'traces, metrics and logs' },
  { from: 'inventory', to: 'otlpHttp', purpose: 'traces, metrics and logs' },
  { from: 'payments', to: 'otlpHttp', purpose: 'traces, metrics and logs' },
  { from: 'load-generators', to: 'shop', purpose: 'simulated customers' },
  { from: 'shop', to: 'orders', purpose: 'reads and places orders' },
  { from: 'shop', to: 'inventory', purpose: 'reserves what is ordered' },
  { from: 'inventory', to: 'orders', purpose: 'reads products that are not in its cache' },
  { from: 'orders', to: 'payments', purpose: 'charges cards' },
  { from: 'otel-collector', to: 'prometheusOtlp', purpose: 'metrics' },
  { from: 'otel-collector', to: 'lokiOtlp', purpose: 'logs' },
  { from: 'otel-collector', to: 'tempoOtlp', purpose: 'traces' },
  { from: 'tempo', to: 'prometheusRemoteWrite', purpose: 'span metrics, service graph, exemplars' },
  { from: 'loki', to: 'prometheusRemoteWrite', purpose: 'metrics recorded from logs' },
  { from: 'loki', to: 'alertmanager', purpose: 'alerts on logs' },
  { from: 'prometheus', to: 'alertmanager', purpose: 'alerts, and its own metrics' },
  { from: 'prometheus', to: 'collectorMetrics', purpose: "the collector's own metrics" },
  { from: 'prometheus', to: 'loki', purpose: "Loki's own metrics" },
  { from: 'prometheus', to: 'tempo', purpose: "Tempo's own metrics" },
  { from: 'prometheus', to: 'grafana', purpose: "Grafana's own metrics" },
  { from: 'prometheus', to: 'annotated-pods', purpose: 'metrics of pods annotated for scraping' },
  { from: 'prometheus', to: 'kubelets', purpose: 'CPU, memory and volume usage of containers' },
  { from: 'prometheus', to: 'api-server', purpose: 'discovers nodes and pods' },
  { from: 'grafana', to: 'prometheus', purpose: 'queries' },
  { from: 'grafana', to: 'loki', purpose: 'queries' },
  { from: 'grafana', to: 'tempo', purpose: 'queries' },
  { from: 'grafana', to: 'alertmanager', purpose: 'shows alerts and silences' },
] as const satisfies readonly Edge[];

/**
 * The edges that `make doctor INSIDE=1` adds while it runs. No manifest of the stack contains them,
 * so at all other times the NetworkPolicies allow no connection from a doctor pod.
 */
export const doctorEdges = [
  { from: 'doctor', to: 'otlpGrpc', purpose: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'otlpHttp', purpose: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'collectorMetrics', purpose: "reads the collector's own metrics" },
  ...(
    [
      'prometheus',
      'alertmanager',
      'loki',
      'tempo',
      'grafana',
      'shop',
      'orders',
      'inventory',
      'payments',
    ] as const
  ).map((to) => ({ from: 'doctor', to, purpose: 'checks readiness and queries the API' }) as const),
] as const satisfies readonly Edge[];

/** The edges that the cluster view adds. */
export const clusterViewEdges = [
  { from: 'node-collector', to: 'otlpGrpc', purpose: 'container logs and node metrics' },
  { from: 'node-collector', to: 'kubelets', purpose: 'file system usage of its node' },
  {
    from: 'node-collector',
    to: 'api-server',
    purpose: 'annotations and owners of the pods on its node',
  },
  { from: 'event-collector', to: 'otlpGrpc', purpose: 'Kubernetes events' },
  { from: 'event-collector', to: 'api-server', purpose: 'watches events' },
  { from: 'kube-state-metrics', to: 'api-server', purpose: 'watches workloads' },
  { from: 'prometheus', to: 'kubeStateMetrics', purpose: 'the state of workloads' },
  { from: 'prometheus', to: 'nodeCollectorMetrics', purpose: "the node collectors' own metrics" },
  { from: 'prometheus', to: 'eventCollectorMetrics', purpose: "the event collector's own metrics" },
] as const satisfies readonly Edge[];

type DeclaredEdge = (typeof edges)[number] | (typeof clusterViewEdges)[number];

/** The endpoints that a service has an edge to. */
export type ReachableFrom<From extends AnyServiceName> = Extract<
  Extract<DeclaredEdge, { from: From }>['to'],
  EndpointName | ClusterViewEndpointName
>;

/** The services of the test app, which `testApp.enabled: false` leaves out. */
export const testAppServices = ['shop', 'orders', 'inventory', 'payments'] as const;
export type TestAppServiceName = (typeof testAppServices)[number];

export function isTestAppService(service: ServiceName): boolean {
  return testAppServices.some((each) => each === service);
}

/** The services that these settings deploy into the stack's namespace. */
export function enabledServices(settings: TopologySettings): ServiceName[] {
  return (Object.keys(ports) as ServiceName[]).filter(
    (service) => settings.testApp.enabled || !isTestAppService(service),
  );
}

/** The services that these settings deploy into the namespace of the cluster view. */
export function enabledClusterViewServices(
  settings: TopologySettings,
): readonly ClusterViewServiceName[] {
  return settings.clusterView.enabled ? clusterViewServices : [];
}

export function isEndpoint(name: string): name is EndpointName {
  return name in endpoints;
}

/** The endpoint that an edge leads to; undefined for an external peer. */
export function endpointOf(name: Edge['to']): Endpoint<AnyServiceName> | undefined {
  if (isEndpoint(name)) return endpoints[name];
  return isClusterViewEndpoint(name) ? clusterViewEndpoints[name] : undefined;
}

function isClusterViewEndpoint(name: string): name is ClusterViewEndpointName {
  return name in clusterViewEndpoints;
}

/** The edges between everything that these settings deploy, and the ones that the settings add. */
export function edgesOf(settings: TopologySettings): Edge[] {
  const enabled = enabledServices(settings);
  const isDisabled = (name: string) => name in ports && !enabled.includes(name as ServiceName);
  const added: Edge[] = [];
  if (settings.collector.scrapeConfigs.length > 0) {
    added.push({
      from: 'otel-collector',
      to: 'annotated-pods',
      purpose: "scrapes apps' metrics pages",
    });
  }
  if (settings.grafana.allowedClients !== undefined) {
    added.push({ from: 'grafana-clients', to: 'grafana', purpose: 'opens Grafana' });
  }
  const ofClusterView = settings.clusterView.enabled ? clusterViewEdges : [];
  return [...edges, ...ofClusterView, ...added].filter(
    (edge) => !isDisabled(edge.from) && !isDisabled(endpointOf(edge.to)?.service ?? edge.to),
  );
}

/** The doctor's edges to the services that these settings deploy. */
export function doctorEdgesOf(settings: TopologySettings): (typeof doctorEdges)[number][] {
  const enabled = enabledServices(settings);
  return doctorEdges.filter(({ to }) => enabled.includes(endpoints[to].service));
}

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
