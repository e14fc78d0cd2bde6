import { dashboardUids } from '../lib/model/uids.ts';
import {
  appMetrics,
  attributes,
  httpMetrics,
  nodeMetrics,
  shopAttributes,
} from '../lib/telemetry/app.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { heatmap, stat, timeseries } from './panels/panels.ts';
import { promql, promqlBuckets } from './panels/queries.ts';
import {
  appRate,
  latency,
  percentile,
  rate,
  requestRate,
  selectedContainers,
  selectedServices,
} from './panels/red.ts';
import { serviceLegend, serviceVariables } from './panels/variables.ts';

const serviceName = label(attributes.serviceName);
const service = serviceLabels('service_name').join(', ');
const legend = serviceLegend('service_name');
const instance = 'instance';
const route = label(attributes.httpRoute);
const status = label(attributes.httpResponseStatusCode);
const errorType = label(attributes.errorType);
const [currency, outcome, cacheResult] = [
  label(shopAttributes.currency),
  label(shopAttributes.paymentOutcome),
  label(shopAttributes.cacheResult),
];
const table = label(attributes.dbCollectionName);
const operation = label(attributes.dbOperationName);

const selectedRoutes = `${selectedServices}, ${route}=~"$endpoint"`;
const durationBuckets = `${prometheusName(httpMetrics.serverDuration)}_bucket`;
const endpointLinks = [
  toDashboard('Log lines of this endpoint', 'logs', { endpoint: route }),
  toDashboard('Traces of this endpoint', 'traces', { endpoint: route }),
];
const gauge = (metric: Parameters<typeof prometheusName>[0]) =>
  `sum by (${service}) (${prometheusName(metric)}{${selectedServices}})`;
/** The largest value of all replicas of a service, for resources that are limited per process. */
const largestReplica = (of: string) =>
  `max by (${service}) (sum by (${service}, ${instance}) (${of}))`;
/** Product pages viewed, the base of the conversion rate. */
const productViews = `sum(rate(${prometheusName(appMetrics.requests)}{${route}="/api/products/:id", ${serviceName}="shop"}[5m]))`;
const orders = `sum(rate(${prometheusName(appMetrics.ordersPlaced)}[5m]))`;

/** Metrics of applications: endpoints, business, database and cache, process. */
export const applicationDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.application,
  title: 'Application Metrics',
  description:
    'Throughput, errors and latency by endpoint, business metrics, database, cache and process.',
  variables: serviceVariables,
  annotations: changeAnnotations,
  rows: [
    {
      title: 'Endpoints',
      panels: [
        timeseries({
          title: 'Throughput by endpoint',
          description: 'Requests per second. Click a line for its logs and traces.',
          unit: 'reqps',
          width: 12,
          links: endpointLinks,
          queries: [promql(requestRate(route), `{{${route}}}`)],
        }),
        timeseries({
          title: 'Responses by status',
          description:
            'Requests per second by HTTP status code. 5xx are server errors, 4xx are client errors.',
          unit: 'reqps',
          width: 12,
          stacked: true,
          queries: [promql(requestRate(status), `{{${status}}}`)],
        }),
        timeseries({
          title: 'Errors by type',
          description:
            'Errors per second by error type and endpoint. Search the logs for a type that is new.',
          unit: 'cps',
          width: 12,
          links: endpointLinks,
          queries: [
            promql(appRate(appMetrics.errors, errorType, route), `{{${errorType}}} {{${route}}}`),
          ],
        }),
        heatmap({
          title: 'Latency',
          description:
            'Requests by duration. A second band above the first means that some requests take a slower path, such as a cache miss.',
          unit: 's',
          width: 12,
          queries: [promqlBuckets(rate(durationBuckets, selectedRoutes, 'le'))],
        }),
        timeseries({
          title: 'P95 latency by endpoint',
          description: '95 % of the requests are faster. Click a line for its logs and traces.',
          unit: 's',
          width: 12,
          links: endpointLinks,
          queries: [promql(latency(0.95, route), `{{${route}}}`)],
        }),
        timeseries({
          title: 'Response size',
          description:
            'P95 of the size of response bodies. Lists without pagination grow over time.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(
              percentile(
                0.95,
                `${prometheusName(appMetrics.responseSize)}_bucket`,
                selectedRoutes,
                route,
              ),
              `{{${route}}}`,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Business',
      panels: [
        stat({
          title: 'Orders per minute',
          description:
            'Orders that were placed and paid. Zero while there is traffic means that orders fail.',
          width: 6,
          queries: [promql(`60 * ${orders}`)],
        }),
        stat({
          title: 'Conversion',
          description:
            'Orders per product page viewed. A drop without errors points to a problem of the page.',
          unit: 'percentunit',
          width: 6,
          queries: [promql(`${orders} / ${productViews}`)],
        }),
        stat({
          title: 'Items per order',
          description: 'Median number of items in an order.',
          width: 6,
          queries: [promql(percentile(0.5, `${prometheusName(appMetrics.basketSize)}_bucket`, ''))],
        }),
        stat({
          title: 'Sign-ups per hour',
          description: 'New customers per hour.',
          width: 6,
          queries: [promql(`3600 * ${rate(prometheusName(appMetrics.signups))}`)],
        }),
        timeseries({
          title: 'Revenue',
          description: 'Value of the orders per minute, in each currency.',
          width: 12,
          queries: [
            promql(
              `60 * ${rate(prometheusName(appMetrics.revenue), '', currency)}`,
              `{{${currency}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Payments by outcome',
          description:
            'Payments per second. “failed” is an error of the payment provider, “declined” a refusal of the bank; a few declined payments are normal.',
          unit: 'cps',
          width: 12,
          stacked: true,
          colors: { authorized: 'green', declined: 'yellow', failed: 'red' },
          queries: [
            promql(rate(prometheusName(appMetrics.payments), '', outcome), `{{${outcome}}}`),
          ],
        }),
        timeseries({
          title: 'Payment provider',
          description:
            'Retries per second, and 1 while the circuit breaker is open and no payment is attempted.',
          width: 12,
          queries: [
            promql(rate(prometheusName(appMetrics.paymentRetries)), 'retries per second'),
            promql(`max(${prometheusName(appMetrics.breakerOpen)})`, 'breaker open'),
          ],
        }),
        timeseries({
          title: 'Order queue',
          description:
            'Orders that wait for fulfilment, and the P95 of the time to process one. A queue that keeps growing needs more workers or a faster database.',
          width: 12,
          queries: [
            promql(`sum(${prometheusName(appMetrics.queueDepth)})`, 'waiting'),
            promql(
              percentile(0.95, `${prometheusName(appMetrics.processDuration)}_bucket`, ''),
              'P95 of processing, in s',
            ),
          ],
        }),
      ],
    },
    {
      title: 'Database and cache',
      panels: [
        timeseries({
          title: 'Database operations',
          description:
            'P95 by operation and table. If all are slow, the database is; if one is slow, its query is.',
          unit: 's',
          width: 12,
          queries: [
            promql(
              percentile(
                0.95,
                `${prometheusName(appMetrics.dbDuration)}_bucket`,
                selectedServices,
                operation,
                table,
              ),
              `{{${operation}}} {{${table}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Cache',
          description:
            'Look-ups per second by result, and evictions. Many misses with evictions mean that the cache is too small.',
          unit: 'cps',
          width: 12,
          queries: [
            promql(appRate(appMetrics.cacheRequests, cacheResult), `{{${cacheResult}}}`),
            promql(appRate(appMetrics.cacheEvictions), 'evictions'),
          ],
        }),
        stat({
          title: 'Cache hits',
          description: 'Percentage of look-ups that were answered from the cache.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(
              `sum(rate(${prometheusName(appMetrics.cacheRequests)}{${cacheResult}="hit"}[5m])) / sum(rate(${prometheusName(appMetrics.cacheRequests)}[5m]))`,
            ),
          ],
        }),
        stat({
          title: 'Cache entries',
          description: 'Number of entries in the cache.',
          width: 12,
          queries: [promql(gauge(appMetrics.cacheSize))],
        }),
      ],
    },
    {
      title: 'Process',
      panels: [
        timeseries({
          title: 'Requests and connections',
          description:
            'Active requests and open connections. A rising number of requests means that they wait for something slow.',
          width: 12,
          queries: [
            promql(gauge(appMetrics.requestsActive), `requests ${legend}`),
            promql(gauge(appMetrics.connectionsActive), `connections ${legend}`),
          ],
        }),
        timeseries({
          title: 'Event loop delay',
          description: 'P99. Above 100 ms requests block each other: look for synchronous work.',
          unit: 's',
          width: 12,
          queries: [
            promql(
              `max by (${service}) (${prometheusName(nodeMetrics.eventLoopDelay)}{${selectedServices}})`,
              legend,
            ),
          ],
        }),
        timeseries({
          title: 'Heap',
          description:
            'Heap in use, in the replica with the most. If the minimum after garbage collections keeps rising, there is a memory leak.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(
              largestReplica(`${prometheusName(nodeMetrics.heapUsed)}{${selectedServices}}`),
              legend,
            ),
          ],
        }),
        timeseries({
          title: 'Garbage collection',
          description:
            'Percentage of time in garbage collection, in the replica with the most. Above 5 % the heap is too small or the app allocates too much.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(
              largestReplica(
                `rate(${prometheusName(nodeMetrics.gcDuration)}_sum{${selectedServices}}[$__rate_interval])`,
              ),
              legend,
            ),
          ],
        }),
        timeseries({
          title: 'CPU',
          description: 'CPU cores in use by container, summed over replicas.',
          unit: 'short',
          width: 12,
          queries: [
            promql(
              rate(stackMetrics.containerCpu, selectedContainers, 'container'),
              '{{container}}',
            ),
          ],
        }),
        timeseries({
          title: 'Memory',
          description:
            'Working set by container, which counts against the memory limit, in the replica with the most.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(
              `max by (container) (${stackMetrics.containerMemory}{${selectedContainers}})`,
              '{{container}}',
            ),
          ],
        }),
      ],
    },
  ],
});
