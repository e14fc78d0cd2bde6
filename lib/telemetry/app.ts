import type { Metric } from './metric.ts';

/** Metrics that the test app records: named by the semantic conventions, otherwise `shop.*`. */
export const appMetrics = {
  requests: {
    name: 'shop.requests',
    type: 'counter',
    unit: '{request}',
    description: 'Requests answered, by route, method and status code',
  },
  errors: {
    name: 'shop.errors',
    type: 'counter',
    unit: '{error}',
    description: 'Requests answered with an error, by route and type of the error',
  },
  requestsActive: {
    name: 'http.server.active_requests',
    type: 'gauge',
    unit: '{request}',
    description: 'Requests in progress',
  },
  connectionsActive: {
    name: 'shop.connections.active',
    type: 'gauge',
    unit: '{connection}',
    description: 'Open connections',
  },
  responseSize: {
    name: 'http.server.response.body.size',
    type: 'histogram',
    unit: 'By',
    description: 'Size of HTTP response bodies, by route',
  },
  ordersPlaced: {
    name: 'shop.orders.placed',
    type: 'counter',
    unit: '{order}',
    description: 'Orders accepted and paid',
  },
  revenue: {
    name: 'shop.revenue',
    type: 'counter',
    unit: '{money}',
    description: 'Value of the orders placed, in whole units of their currency',
  },
  basketSize: {
    name: 'shop.basket.size',
    type: 'histogram',
    unit: '{item}',
    description: 'Items in one order',
  },
  signups: {
    name: 'shop.signups',
    type: 'counter',
    unit: '{user}',
    description: 'Customers who signed up',
  },
  payments: {
    name: 'shop.payments',
    type: 'counter',
    unit: '{payment}',
    description: 'Payments requested, by outcome',
  },
  paymentRetries: {
    name: 'shop.payment.retries',
    type: 'counter',
    unit: '{retry}',
    description: 'Retries of calls to the payment provider',
  },
  breakerOpen: {
    name: 'shop.circuit_breaker.open',
    type: 'gauge',
    unit: '{breaker}',
    description: 'Circuit breaker of the payment provider: 1 while it is open',
  },
  queueDepth: {
    name: 'shop.queue.depth',
    type: 'gauge',
    unit: '{order}',
    description: 'Paid orders that wait for fulfilment',
  },
  processDuration: {
    name: 'messaging.process.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of processing one message of the queue',
  },
  cacheSize: {
    name: 'shop.cache.size',
    type: 'gauge',
    unit: '{entry}',
    description: 'Entries in the cache',
  },
  cacheRequests: {
    name: 'shop.cache.requests',
    type: 'counter',
    unit: '{request}',
    description: 'Look-ups in the cache, by result: hit, miss, or bypass while it is off',
  },
  cacheEvictions: {
    name: 'shop.cache.evictions',
    type: 'counter',
    unit: '{entry}',
    description: 'Entries evicted from the cache',
  },
  dbDuration: {
    name: 'db.client.operation.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of database operations, by operation and table',
  },
  faultActive: {
    name: 'shop.fault.active',
    type: 'gauge',
    unit: '{fault}',
    description: 'Active faults, by name: 1 while a fault is active',
  },
} as const satisfies Record<string, Metric>;

/** Metrics of OpenTelemetry's HTTP instrumentation (stable semantic conventions). */
export const httpMetrics = {
  serverDuration: {
    name: 'http.server.request.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of HTTP server requests',
  },
  clientDuration: {
    name: 'http.client.request.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of HTTP client requests',
  },
} as const satisfies Record<string, Metric>;

/** OpenTelemetry attribute names (https://opentelemetry.io/docs/specs/semconv/). */
export const attributes = {
  serviceName: 'service.name',
  serviceNamespace: 'service.namespace',
  serviceVersion: 'service.version',
  serviceInstanceId: 'service.instance.id',
  deploymentEnvironmentName: 'deployment.environment.name',
  k8sClusterName: 'k8s.cluster.name',
  k8sNamespaceName: 'k8s.namespace.name',
  k8sNodeName: 'k8s.node.name',
  k8sPodName: 'k8s.pod.name',
  k8sPodUid: 'k8s.pod.uid',
  k8sPodIp: 'k8s.pod.ip',
  k8sContainerName: 'k8s.container.name',
  k8sDeploymentName: 'k8s.deployment.name',
  k8sStatefulSetName: 'k8s.statefulset.name',
  k8sDaemonSetName: 'k8s.daemonset.name',
  k8sJobName: 'k8s.job.name',
  k8sCronJobName: 'k8s.cronjob.name',
  httpRequestMethod: 'http.request.method',
  httpResponseStatusCode: 'http.response.status_code',
  httpRoute: 'http.route',
  userId: 'user.id',
  errorType: 'error.type',
  urlPath: 'url.path',
  dbSystemName: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbOperationName: 'db.operation.name',
  dbCollectionName: 'db.collection.name',
  dbOperationBatchSize: 'db.operation.batch.size',
  dbQuerySummary: 'db.query.summary',
  dbQueryText: 'db.query.text',
  messagingSystem: 'messaging.system',
  messagingDestinationName: 'messaging.destination.name',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingMessageId: 'messaging.message.id',
  peerService: 'peer.service',
  exceptionType: 'exception.type',
  logIostream: 'log.iostream',
} as const;

/** The names of the workload that owns a pod, one for each kind. */
export const workloadAttributes = [
  attributes.k8sDeploymentName,
  attributes.k8sStatefulSetName,
  attributes.k8sDaemonSetName,
  attributes.k8sJobName,
  attributes.k8sCronJobName,
] as const;

/** Resource attributes that become labels of OTLP metrics; the others are only on target_info. */
export const promotedAttributes = [
  attributes.serviceName,
  attributes.serviceNamespace,
  attributes.serviceVersion,
  attributes.serviceInstanceId,
  attributes.deploymentEnvironmentName,
  attributes.k8sClusterName,
  attributes.k8sNamespaceName,
  attributes.k8sPodName,
  attributes.k8sContainerName,
  ...workloadAttributes,
  attributes.k8sNodeName,
] as const;

/** Attributes of the test app that the semantic conventions do not have. */
export const shopAttributes = {
  orderId: 'shop.order.id',
  orderItems: 'shop.order.items',
  currency: 'shop.currency',
  paymentId: 'shop.payment.id',
  paymentOutcome: 'shop.payment.outcome',
  cacheResult: 'shop.cache.result',
  fault: 'shop.fault.name',
} as const;

/** Metrics of OpenTelemetry's Node.js runtime instrumentation. */
export const nodeMetrics = {
  eventLoopDelay: {
    name: 'nodejs.eventloop.delay.p99',
    type: 'gauge',
    unit: 's',
    description: 'Delay of the event loop, 99th percentile',
  },
  eventLoopUtilization: {
    name: 'nodejs.eventloop.utilization',
    type: 'gauge',
    unit: '1',
    description: 'Ratio of the time that the event loop was busy',
  },
  heapUsed: {
    name: 'v8js.memory.heap.used',
    type: 'gauge',
    unit: 'By',
    description: 'Heap in use',
  },
  heapSize: {
    name: 'v8js.memory.heap.space.size',
    type: 'gauge',
    unit: 'By',
    description: 'Heap that is reserved',
  },
  gcDuration: {
    name: 'v8js.gc.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of garbage collections',
  },
} as const satisfies Record<string, Metric>;
