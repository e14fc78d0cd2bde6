import {
  type AnyServiceName,
  type ClusterViewServiceName,
  clusterViewPorts,
  clusterViewServices,
  isTestAppService,
  type Port,
  ports,
  type ServiceName,
} from './ports.ts';
import { sourceFile } from './source.ts';
import type { TopologySettings } from './topology-settings.ts';

/**
 * Which service listens on which port, and who connects to it. Services, URLs in configurations,
 * NetworkPolicies and the port table in the docs are generated from these tables. The port numbers
 * are in ports.ts.
 */

export const topologySource = sourceFile(import.meta.filename);

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
  tempoOtlpHttp: { service: 'tempo', port: ports.tempo.otlpHttp, protocol: 'http' },
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
  {
    from: 'otel-collector',
    to: 'tempoOtlpHttp',
    purpose: 'traces over HTTP, if collector.extraConfig has such an exporter',
  },
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
  {
    from: 'grafana',
    to: 'alertmanager',
    purpose: 'shows alerts and silences, and sends alerts of rules made in Grafana',
  },
] as const satisfies readonly Edge[];

/** The edges that the cluster view adds. */
const clusterViewEdges = [
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
  if (settings.collector.kubernetesMetadata.enabled) {
    added.push({
      from: 'otel-collector',
      to: 'api-server',
      purpose: 'watches pods, whose names it adds to telemetry',
    });
  }
  if (settings.grafana.allowedClients !== undefined) {
    added.push({ from: 'grafana-clients', to: 'grafana', purpose: 'opens Grafana' });
  }
  const ofClusterView = settings.clusterView.enabled ? clusterViewEdges : [];
  const own = settings.prometheus.annotatedPods.enabled
    ? edges
    : edges.filter(({ to }) => to !== annotatedPodsJob);
  return [...own, ...ofClusterView, ...added].filter(
    (edge) => !isDisabled(edge.from) && !isDisabled(endpointOf(edge.to)?.service ?? edge.to),
  );
}
