import { readyPath } from '../telemetry/app-paths.ts';

export interface Port {
  /** Name of the port in the Service and in the container. */
  readonly name: string;
  readonly number: number;
  /** @default - TCP */
  readonly protocol?: 'UDP';
  /** Only the kubelet's probes use it, so no Service exposes it. */
  readonly probeOnly?: true;
  /** The setting without which it is closed. @default - it is always open */
  readonly opensWith?: string;
}

/** A part of an installation. The test app and the cluster view are optional. */
export type Part = 'stack' | 'testApp' | 'clusterView';

interface Service {
  readonly part: Part;
  readonly ports: Readonly<Record<string, Port>>;
  /** Path of the readiness endpoint; of a collector, on its health port. */
  readonly readyPath: string;
}

const externalAccess = 'collector.externalAccess';

/** Every workload, by the name of its Service. */
export const services = {
  'otel-collector': {
    part: 'stack',
    ports: {
      otlpGrpc: { name: 'otlp-grpc', number: 4317 },
      otlpHttp: { name: 'otlp-http', number: 4318 },
      /** OTLP with TLS and a credential, for senders outside the cluster. */
      externalGrpc: { name: 'external-grpc', number: 4327, opensWith: externalAccess },
      externalHttp: { name: 'external-http', number: 4328, opensWith: externalAccess },
      /** OTLP over HTTPS without a credential, for browsers. */
      browserHttp: { name: 'browser-http', number: 4329, opensWith: `${externalAccess}.browsers` },
      metrics: { name: 'metrics', number: 8888 },
      /** Of the health_check extension, whose default this is. */
      health: { name: 'health', number: 13133, probeOnly: true },
    },
    readyPath: '/',
  },
  prometheus: {
    part: 'stack',
    ports: { web: { name: 'web', number: 9090 } },
    readyPath: '/-/ready',
  },
  alertmanager: {
    part: 'stack',
    ports: { web: { name: 'web', number: 9093 } },
    readyPath: '/-/ready',
  },
  loki: {
    part: 'stack',
    ports: { http: { name: 'http-metrics', number: 3100 } },
    readyPath: '/ready',
  },
  tempo: {
    part: 'stack',
    ports: {
      http: { name: 'http-metrics', number: 3200 },
      otlpGrpc: { name: 'otlp-grpc', number: 4317 },
      otlpHttp: { name: 'otlp-http', number: 4318 },
    },
    readyPath: '/ready',
  },
  grafana: {
    part: 'stack',
    ports: { http: { name: 'http', number: 3000 } },
    readyPath: '/api/health',
  },
  shop: { part: 'testApp', ports: { http: { name: 'http', number: 5000 } }, readyPath },
  orders: { part: 'testApp', ports: { http: { name: 'http', number: 5000 } }, readyPath },
  inventory: { part: 'testApp', ports: { http: { name: 'http', number: 5000 } }, readyPath },
  payments: { part: 'testApp', ports: { http: { name: 'http', number: 5000 } }, readyPath },
  'node-collector': {
    part: 'clusterView',
    ports: {
      metrics: { name: 'metrics', number: 8888 },
      health: { name: 'health', number: 13133, probeOnly: true },
    },
    readyPath: '/',
  },
  'event-collector': {
    part: 'clusterView',
    ports: {
      metrics: { name: 'metrics', number: 8888 },
      health: { name: 'health', number: 13133, probeOnly: true },
    },
    readyPath: '/',
  },
  'kube-state-metrics': {
    part: 'clusterView',
    ports: {
      http: { name: 'http-metrics', number: 8080 },
      /** Its own metrics and its readiness endpoint. */
      telemetry: { name: 'telemetry', number: 8081, probeOnly: true },
    },
    readyPath: '/readyz',
  },
} as const satisfies Record<string, Service>;

/** Name of a Service. */
export type AnyServiceName = keyof typeof services;

type NameOfPart<Of extends Part> = {
  [Name in AnyServiceName]: (typeof services)[Name]['part'] extends Of ? Name : never;
}[AnyServiceName];

/** Name of a Service in the namespace of the stack. */
export type ServiceName = NameOfPart<'stack' | 'testApp'>;

export type TestAppServiceName = NameOfPart<'testApp'>;

const allServices = Object.keys(services) as AnyServiceName[];

/** The ports of every service. */
export const ports = Object.fromEntries(
  allServices.map((name) => [name, services[name].ports]),
) as { readonly [Name in AnyServiceName]: (typeof services)[Name]['ports'] };

/** The part of a service; undefined if there is no such service. */
export function partOfService(name: string): Part | undefined {
  return allServices.includes(name as AnyServiceName)
    ? services[name as AnyServiceName].part
    : undefined;
}

/** The services of a part. */
export function servicesOf<Of extends Part>(part: Of): NameOfPart<Of>[] {
  return allServices.filter((name) => services[name].part === part) as NameOfPart<Of>[];
}
