import { readyPath } from '../telemetry/app-paths.ts';

/**
 * Who listens where, and who talks to whom. Services, URLs in configurations, NetworkPolicies and
 * the port table in the docs are made from these tables; nothing else holds a port number.
 */

/** Addresses outside the stack that a pod may connect to. */
export interface Destination {
  /** Addresses, as a CIDR block. */
  readonly cidr: string;
  readonly port: number;
}

/** The pods of namespaces, chosen by name or by label. */
export interface NamespaceSelection {
  readonly namespaces: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Where the stack runs. */
export interface Place {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly clusterView: { readonly namespace: string };
}

/** The settings that decide which services there are, and who may connect to whom. */
export interface TopologySettings extends Place {
  readonly networkPolicies: boolean;
  readonly kubernetesApi: readonly Destination[];
  readonly nodeCidrs: readonly string[];
  readonly testApp: { readonly enabled: boolean };
  readonly clusterView: { readonly enabled: boolean; readonly namespace: string };
  readonly alertmanager: { readonly egress: readonly Destination[] };
  readonly collector: {
    readonly senders: 'all' | NamespaceSelection;
    readonly egress: readonly Destination[];
    readonly scrapeConfigs: readonly unknown[];
  };
  readonly grafana: {
    readonly visitors?: NamespaceSelection;
    readonly egress: readonly Destination[];
  };
}

export interface Port {
  /** Name in Service, container and NetworkPolicy. */
  readonly name: string;
  readonly number: number;
  /** Asked by the kubelet alone, so no Service leads to it. */
  readonly probeOnly?: true;
}

/** Every workload by the name of its Service, with the ports that others may use. */
export const ports = {
  'otel-collector': {
    otlpGrpc: { name: 'otlp-grpc', number: 4317 },
    otlpHttp: { name: 'otlp-http', number: 4318 },
    metrics: { name: 'metrics', number: 8888 },
    /** Not 8889, as older plans have it: that is the port of an exporter we do not use. */
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

export type Component = keyof typeof ports;

/** The same of the cluster view, which is optional and has a namespace of its own. */
export const viewPorts = {
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
    /** Its metrics about itself, and whether it is ready. */
    telemetry: { name: 'telemetry', number: 8081, probeOnly: true },
  },
} as const satisfies Record<string, Record<string, Port>>;

export type ViewComponent = keyof typeof viewPorts;
export const viewComponents = Object.keys(viewPorts) as readonly ViewComponent[];

export function isView(party: string): party is ViewComponent {
  return party in viewPorts;
}

/** Where each component says whether it is ready; the collector does on its health port. */
export const readyPaths: Readonly<Record<Component, string>> = {
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

export interface Endpoint<Of = Component> {
  readonly component: Of;
  readonly port: Port;
  /** `grpc` endpoints are addressed as host:port, `http` ones as a URL. */
  readonly protocol: 'http' | 'grpc';
  readonly path?: string;
}

/** The interfaces that are used across pods. */
export const endpoints = {
  otlpGrpc: {
    component: 'otel-collector',
    port: ports['otel-collector'].otlpGrpc,
    protocol: 'grpc',
  },
  otlpHttp: {
    component: 'otel-collector',
    port: ports['otel-collector'].otlpHttp,
    protocol: 'http',
  },
  collectorMetrics: {
    component: 'otel-collector',
    port: ports['otel-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  prometheus: { component: 'prometheus', port: ports.prometheus.web, protocol: 'http' },
  prometheusOtlp: {
    component: 'prometheus',
    port: ports.prometheus.web,
    protocol: 'http',
    path: '/api/v1/otlp',
  },
  prometheusRemoteWrite: {
    component: 'prometheus',
    port: ports.prometheus.web,
    protocol: 'http',
    path: '/api/v1/write',
  },
  alertmanager: { component: 'alertmanager', port: ports.alertmanager.web, protocol: 'http' },
  loki: { component: 'loki', port: ports.loki.http, protocol: 'http' },
  lokiOtlp: { component: 'loki', port: ports.loki.http, protocol: 'http', path: '/otlp' },
  tempo: { component: 'tempo', port: ports.tempo.http, protocol: 'http' },
  tempoOtlp: { component: 'tempo', port: ports.tempo.otlpGrpc, protocol: 'grpc' },
  grafana: { component: 'grafana', port: ports.grafana.http, protocol: 'http' },
  shop: { component: 'shop', port: ports.shop.http, protocol: 'http' },
  orders: { component: 'orders', port: ports.orders.http, protocol: 'http' },
  inventory: { component: 'inventory', port: ports.inventory.http, protocol: 'http' },
  payments: { component: 'payments', port: ports.payments.http, protocol: 'http' },
} as const satisfies Record<string, Endpoint>;

/** Those of the cluster view. */
export const viewEndpoints = {
  nodeCollectorMetrics: {
    component: 'node-collector',
    port: viewPorts['node-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  eventCollectorMetrics: {
    component: 'event-collector',
    port: viewPorts['event-collector'].metrics,
    protocol: 'http',
    path: '/metrics',
  },
  kubeStateMetrics: {
    component: 'kube-state-metrics',
    port: viewPorts['kube-state-metrics'].http,
    protocol: 'http',
    path: '/metrics',
  },
} as const satisfies Record<string, Endpoint<ViewComponent>>;

export type EndpointName = keyof typeof endpoints;
export type ViewEndpointName = keyof typeof viewEndpoints;

/** What is not ours but takes part. `network-policies.ts` says how each one is recognized. */
export type ExternalPeer =
  /** Pods of any namespace that send OTLP. */
  | 'applications'
  /** Pods by way of which people open Grafana, such as an ingress controller. */
  | 'visitors'
  /** Pods of any namespace that ask to be scraped by annotation. */
  | 'annotated-pods'
  /** Pods of our own that send requests to the test app, so that there is something to see. */
  | 'load-generators'
  /** The pod that looks at the stack from within, for as long as it does. */
  | 'doctor'
  /** The kubelet of every node, port 10250. */
  | 'kubelets'
  | 'api-server';

/** The scrape job of pods that are not ours, whose failures weigh less than those of our own. */
export const annotatedPodsJob = 'annotated-pods' satisfies ExternalPeer;

export interface Edge {
  readonly from: Component | ViewComponent | ExternalPeer;
  readonly to: EndpointName | ViewEndpointName | ExternalPeer;
  readonly why: string;
}

/** The edges of the graph. A construct can only get the address of what an edge here leads to. */
export const edges = [
  { from: 'applications', to: 'otlpGrpc', why: 'traces, metrics and logs of your apps' },
  { from: 'applications', to: 'otlpHttp', why: 'traces, metrics and logs of your apps' },
  { from: 'shop', to: 'otlpHttp', why: 'traces, metrics and logs' },
  { from: 'orders', to: 'otlpHttp', why: 'traces, metrics and logs' },
  { from: 'inventory', to: 'otlpHttp', why: 'traces, metrics and logs' },
  { from: 'payments', to: 'otlpHttp', why: 'traces, metrics and logs' },
  { from: 'load-generators', to: 'shop', why: 'simulated customers' },
  { from: 'shop', to: 'orders', why: 'reads and places orders' },
  { from: 'shop', to: 'inventory', why: 'reserves what is ordered' },
  { from: 'inventory', to: 'orders', why: 'reads products that are not in its cache' },
  { from: 'orders', to: 'payments', why: 'charges cards' },
  { from: 'otel-collector', to: 'prometheusOtlp', why: 'metrics' },
  { from: 'otel-collector', to: 'lokiOtlp', why: 'logs' },
  { from: 'otel-collector', to: 'tempoOtlp', why: 'traces' },
  { from: 'tempo', to: 'prometheusRemoteWrite', why: 'span metrics, service graph, exemplars' },
  { from: 'loki', to: 'prometheusRemoteWrite', why: 'metrics recorded from logs' },
  { from: 'loki', to: 'alertmanager', why: 'alerts on logs' },
  { from: 'prometheus', to: 'alertmanager', why: 'alerts, and its own metrics' },
  { from: 'prometheus', to: 'collectorMetrics', why: "the collector's own metrics" },
  { from: 'prometheus', to: 'loki', why: "Loki's own metrics" },
  { from: 'prometheus', to: 'tempo', why: "Tempo's own metrics" },
  { from: 'prometheus', to: 'grafana', why: "Grafana's own metrics" },
  { from: 'prometheus', to: 'annotated-pods', why: 'metrics of pods annotated for scraping' },
  { from: 'prometheus', to: 'kubelets', why: 'CPU, memory and volume use of containers' },
  { from: 'prometheus', to: 'api-server', why: 'discovers nodes and pods' },
  { from: 'grafana', to: 'prometheus', why: 'queries' },
  { from: 'grafana', to: 'loki', why: 'queries' },
  { from: 'grafana', to: 'tempo', why: 'queries' },
  { from: 'grafana', to: 'alertmanager', why: 'shows alerts and silences' },
] as const satisfies readonly Edge[];

/**
 * The edges that `make doctor INSIDE=1` adds while it runs. No manifest of the stack has them, so
 * at all other times nobody is let in as the doctor.
 */
export const doctorEdges = [
  { from: 'doctor', to: 'otlpGrpc', why: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'otlpHttp', why: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'collectorMetrics', why: 'reads what the collector counts' },
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
  ).map(
    (to) => ({ from: 'doctor', to, why: 'asks whether it is ready, and what it has' }) as const,
  ),
] as const satisfies readonly Edge[];

/** What there is more with the cluster view. */
export const viewEdges = [
  { from: 'node-collector', to: 'otlpGrpc', why: 'what pods print, and metrics of nodes' },
  { from: 'node-collector', to: 'kubelets', why: "use of its node's file system" },
  {
    from: 'node-collector',
    to: 'api-server',
    why: 'annotations and owners of the pods on its node',
  },
  { from: 'event-collector', to: 'otlpGrpc', why: 'events of the cluster' },
  { from: 'event-collector', to: 'api-server', why: 'watches events' },
  { from: 'kube-state-metrics', to: 'api-server', why: 'watches workloads' },
  { from: 'prometheus', to: 'kubeStateMetrics', why: 'the state of workloads' },
  { from: 'prometheus', to: 'nodeCollectorMetrics', why: "the node collectors' own metrics" },
  { from: 'prometheus', to: 'eventCollectorMetrics', why: "the event collector's own metrics" },
] as const satisfies readonly Edge[];

type DeclaredEdge = (typeof edges)[number] | (typeof viewEdges)[number];

/** The endpoints that edges lead to from one component. */
export type ReachableFrom<From extends Component | ViewComponent> = Extract<
  Extract<DeclaredEdge, { from: From }>['to'],
  EndpointName | ViewEndpointName
>;

/** Part of the demo, left out when the test app is. */
export const testAppComponents = ['shop', 'orders', 'inventory', 'payments'] as const;
export type TestAppComponent = (typeof testAppComponents)[number];

/** Whether it is part of the demo. */
export function isTestApp(component: Component): boolean {
  return testAppComponents.some((each) => each === component);
}

/** The components that these settings deploy into the stack's own namespace. */
export function enabledServices(settings: TopologySettings): Component[] {
  return (Object.keys(ports) as Component[]).filter(
    (component) => settings.testApp.enabled || !isTestApp(component),
  );
}

/** Those that these settings deploy beside it. */
export function deployedView(settings: TopologySettings): readonly ViewComponent[] {
  return settings.clusterView.enabled ? viewComponents : [];
}

export function isEndpoint(name: string): name is EndpointName {
  return name in endpoints;
}

/** What an edge leads to, if it is an interface of ours. */
export function endpointOf(name: Edge['to']): Endpoint<Component | ViewComponent> | undefined {
  if (isEndpoint(name)) return endpoints[name];
  return isViewEndpoint(name) ? viewEndpoints[name] : undefined;
}

function isViewEndpoint(name: string): name is ViewEndpointName {
  return name in viewEndpoints;
}

/** The edges between what these settings deploy, and the ones that settings add. */
export function edgesOf(settings: TopologySettings): Edge[] {
  const present = enabledServices(settings);
  const absent = (party: string) => party in ports && !present.includes(party as Component);
  const added: Edge[] = [];
  if (settings.collector.scrapeConfigs.length > 0) {
    added.push({
      from: 'otel-collector',
      to: 'annotated-pods',
      why: "scrapes apps' metrics pages",
    });
  }
  if (settings.grafana.visitors !== undefined) {
    added.push({ from: 'visitors', to: 'grafana', why: 'people who look' });
  }
  const view = settings.clusterView.enabled ? viewEdges : [];
  return [...edges, ...view, ...added].filter(
    (edge) => !absent(edge.from) && !absent(endpointOf(edge.to)?.component ?? edge.to),
  );
}

/** The doctor's edges to what these settings deploy. */
export function doctorEdgesOf(settings: TopologySettings): (typeof doctorEdges)[number][] {
  const present = enabledServices(settings);
  return doctorEdges.filter(({ to }) => present.includes(endpoints[to].component));
}

/** Where a component runs. */
export function namespaceOf(component: Component | ViewComponent, place: Place): string {
  return isView(component) ? place.clusterView.namespace : place.namespace;
}

/** The name under which any pod of the cluster finds a Service. */
export function host(component: Component | ViewComponent, place: Place): string {
  return `${component}.${namespaceOf(component, place)}.svc.${place.clusterDomain}`;
}

/** How an endpoint is written in a configuration: a URL, or host:port for gRPC. */
export function address(name: EndpointName | ViewEndpointName, place: Place): string {
  const endpoint: Endpoint<Component | ViewComponent> = isEndpoint(name)
    ? endpoints[name]
    : viewEndpoints[name];
  const hostPort = `${host(endpoint.component, place)}:${endpoint.port.number}`;
  return endpoint.protocol === 'grpc' ? hostPort : `http://${hostPort}${endpoint.path ?? ''}`;
}

/**
 * The addresses that one component may use. Asking for one without a declared edge does not
 * compile, so no configuration can hold a URL that the NetworkPolicies would block.
 */
export function addressesFor<From extends Component | ViewComponent>(_from: From, place: Place) {
  return (to: ReachableFrom<From>): string => address(to, place);
}
