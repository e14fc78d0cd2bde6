import { isEnabled, isService } from './parts.ts';
import { type AnyServiceName, type Port, ports } from './ports.ts';
import { sourceFile } from './source.ts';
import type { ExternalAccess, TopologySettings } from './topology-settings.ts';

/**
 * Which service listens on which port, and who connects to it. Services, URLs in configurations,
 * NetworkPolicies, the doctor's connections and the port table in the docs are generated from these
 * tables. The services and their port numbers are in ports.ts.
 */

export const topologySource = sourceFile(import.meta.filename);

export interface Endpoint {
  readonly service: AnyServiceName;
  readonly port: Port;
  /** `grpc` endpoints are addressed as host:port, `http` ones as a URL. */
  readonly protocol: 'http' | 'grpc';
  readonly path?: string;
}

/** The endpoints that other pods use. */
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
  externalGrpc: {
    service: 'otel-collector',
    port: ports['otel-collector'].externalGrpc,
    protocol: 'grpc',
  },
  externalHttp: {
    service: 'otel-collector',
    port: ports['otel-collector'].externalHttp,
    protocol: 'http',
  },
  browserHttp: {
    service: 'otel-collector',
    port: ports['otel-collector'].browserHttp,
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
  nodeCollectorMetrics: {
    service: 'node-collector',
    port: ports['node-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  eventCollectorMetrics: {
    service: 'event-collector',
    port: ports['event-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  kubeStateMetrics: {
    service: 'kube-state-metrics',
    port: ports['kube-state-metrics'].http,
    protocol: 'http',
    path: '/metrics',
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof endpoints;

/**
 * A peer that is no service of the stack; `network-policies.ts` defines which pods or addresses it
 * is.
 */
export type ExternalPeer =
  /** Pods of any namespace that send OTLP. */
  | 'applications'
  /** Addresses and pods that send OTLP with TLS, by collector.externalAccess. */
  | 'external-senders'
  /** Pods that may open Grafana, such as an ingress controller. */
  | 'grafana-clients'
  /** Pods of any namespace with the annotation `prometheus.io/scrape`. */
  | 'annotated-pods'
  /** Pods that send requests to the test app: simulated customers and load tests. */
  | 'load-generators'
  /** The pod of `make doctor INSIDE=1`, while it runs. */
  | 'doctor'
  /** The pods of scheduled backups. */
  | 'backup'
  /** The ruler of an external Loki. */
  | 'external-loki'
  /** The metrics generator of an external Tempo. */
  | 'external-tempo'
  /** The kubelet of every node, on port 10250. */
  | 'kubelets'
  | 'api-server';

/** The scrape job of annotated pods, which are not part of the stack. */
export const annotatedPodsJob = 'annotated-pods' satisfies ExternalPeer;

export interface Edge {
  readonly from: AnyServiceName | ExternalPeer;
  readonly to: EndpointName | ExternalPeer;
  readonly purpose: string;
  /** @default - whenever both of its services are deployed */
  readonly when?: (settings: TopologySettings) => boolean;
}

function hasScheduledBackups({ backup }: TopologySettings): boolean {
  return backup.schedule !== undefined;
}

/** Whether a sender outside the cluster can authenticate; without, only browsers send from there. */
export function acceptsCredentials(access: ExternalAccess | undefined): boolean {
  return (access?.bearerTokens ?? access?.basicAuth ?? access?.sender) !== undefined;
}

const hasExternalSenders = ({ collector }: TopologySettings) =>
  acceptsCredentials(collector.externalAccess);

/**
 * Every allowed connection. A construct gets the address of an endpoint only if an edge leads
 * there.
 */
export const edges = [
  { from: 'applications', to: 'otlpGrpc', purpose: 'traces, metrics and logs of your apps' },
  { from: 'applications', to: 'otlpHttp', purpose: 'traces, metrics and logs of your apps' },
  {
    from: 'external-senders',
    to: 'externalGrpc',
    purpose: 'telemetry from outside, with TLS and a credential',
    when: hasExternalSenders,
  },
  {
    from: 'external-senders',
    to: 'externalHttp',
    purpose: 'telemetry from outside, with TLS and a credential',
    when: hasExternalSenders,
  },
  {
    from: 'external-senders',
    to: 'browserHttp',
    purpose: 'telemetry of browsers, with TLS',
    when: ({ collector }) => collector.externalAccess?.browsers !== undefined,
  },
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
  {
    from: 'external-tempo',
    to: 'prometheusRemoteWrite',
    purpose: 'span metrics and the service graph of an external Tempo',
    when: ({ tempo }) => tempo.external?.allowedWriters !== undefined,
  },
  {
    from: 'external-loki',
    to: 'prometheusRemoteWrite',
    purpose: 'metrics that an external Loki records from logs',
    when: ({ loki }) => loki.external?.allowedWriters !== undefined,
  },
  {
    from: 'external-loki',
    to: 'alertmanager',
    purpose: 'alerts on logs of an external Loki',
    when: ({ loki }) => loki.external?.allowedWriters !== undefined,
  },
  { from: 'prometheus', to: 'alertmanager', purpose: 'alerts, and its own metrics' },
  { from: 'prometheus', to: 'collectorMetrics', purpose: "the collector's own metrics" },
  { from: 'prometheus', to: 'loki', purpose: "Loki's own metrics" },
  { from: 'prometheus', to: 'tempo', purpose: "Tempo's own metrics" },
  { from: 'prometheus', to: 'grafana', purpose: "Grafana's own metrics" },
  {
    from: 'prometheus',
    to: 'annotated-pods',
    purpose: 'metrics of pods annotated for scraping',
    when: ({ prometheus }) => prometheus.annotatedPods.enabled,
  },
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
  {
    from: 'otel-collector',
    to: 'annotated-pods',
    purpose: "scrapes apps' metrics pages",
    when: ({ collector }) => collector.scrapeConfigs.length > 0,
  },
  {
    from: 'otel-collector',
    to: 'api-server',
    purpose: 'watches pods, whose names it adds to telemetry',
    when: ({ collector }) => collector.kubernetesMetadata.enabled,
  },
  {
    from: 'grafana-clients',
    to: 'grafana',
    purpose: 'opens Grafana',
    when: ({ grafana }) => grafana.allowedClients !== undefined,
  },
  {
    from: 'backup',
    to: 'otlpHttp',
    purpose: 'reports each complete scheduled backup',
    when: hasScheduledBackups,
  },
  {
    from: 'backup',
    to: 'api-server',
    purpose: 'stops the store that it copies, and starts it again',
    when: hasScheduledBackups,
  },
  { from: 'doctor', to: 'otlpGrpc', purpose: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'otlpHttp', purpose: 'sends telemetry, as apps do' },
  {
    from: 'doctor',
    to: 'externalHttp',
    purpose: 'checks the certificate, and that a credential is required',
    when: hasExternalSenders,
  },
  { from: 'doctor', to: 'collectorMetrics', purpose: "reads the collector's own metrics" },
  { from: 'doctor', to: 'prometheus', purpose: 'checks readiness and queries the API' },
  { from: 'doctor', to: 'alertmanager', purpose: 'checks readiness and queries the API' },
  { from: 'doctor', to: 'loki', purpose: 'checks readiness and queries the API' },
  { from: 'doctor', to: 'tempo', purpose: 'checks readiness and queries the API' },
  { from: 'doctor', to: 'grafana', purpose: 'checks readiness and queries the API' },
  { from: 'doctor', to: 'shop', purpose: 'checks readiness' },
  { from: 'doctor', to: 'orders', purpose: 'checks readiness' },
  { from: 'doctor', to: 'inventory', purpose: 'checks readiness' },
  { from: 'doctor', to: 'payments', purpose: 'checks readiness' },
] as const satisfies readonly Edge[];

type DeclaredEdge = (typeof edges)[number];

/** The endpoints that a service or a peer has an edge to. */
export type ReachableFrom<From extends Edge['from']> = Extract<
  Extract<DeclaredEdge, { from: From }>['to'],
  EndpointName
>;

export function isEndpoint(name: string): name is EndpointName {
  return name in endpoints;
}

/** The endpoint that an edge leads to; undefined for an external peer. */
export function endpointOf(name: Edge['to']): Endpoint | undefined {
  return isEndpoint(name) ? endpoints[name] : undefined;
}

/** The edges between everything that these settings deploy. */
export function edgesOf(settings: TopologySettings): Edge[] {
  return enabledEdges(settings).filter(({ from }) => from !== 'doctor');
}

/** A row of the edges that begin at the doctor's pod. */
type DoctorEdge = Extract<DeclaredEdge, { from: 'doctor' }>;

/**
 * The edges that `make doctor INSIDE=1` adds while it runs. No manifest of the stack contains them,
 * so at all other times the NetworkPolicies allow no connection from a doctor pod.
 */
export function doctorEdgesOf(settings: TopologySettings): DoctorEdge[] {
  return enabledEdges(settings).filter((edge) => edge.from === 'doctor');
}

function enabledEdges(settings: TopologySettings): DeclaredEdge[] {
  return edges.filter((edge: Edge) => {
    const ends = [edge.from, endpointOf(edge.to)?.service ?? edge.to].filter(isService);
    return ends.every((end) => isEnabled(end, settings)) && (edge.when?.(settings) ?? true);
  });
}
