import { readyPath } from '../telemetry/app-paths.ts';

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
    otlpHttp: { name: 'otlp-http', number: 4318 },
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

/** The services of the test app, which `testApp.enabled: false` leaves out. */
export const testAppServices = ['shop', 'orders', 'inventory', 'payments'] as const;

export type TestAppServiceName = (typeof testAppServices)[number];

export function isTestAppService(service: ServiceName): boolean {
  return testAppServices.some((each) => each === service);
}
