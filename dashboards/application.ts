import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import {
  appMetrics,
  attributes,
  httpMetrics,
  nodeMetrics,
  shopAttributes,
} from '../lib/telemetry/app.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { whatChanged } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { heatmap, stat, timeseries } from './panels/panels.ts';
import { promql, promqlBuckets } from './panels/queries.ts';
import { appRate, latency, ofService, percentile, rate, requestRate } from './panels/red.ts';
import { serviceVariables } from './panels/variables.ts';

const service = label(attributes.serviceName);
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

const inRoute = `${ofService}, ${route}=~"$endpoint"`;
const durationBuckets = `${prometheusName(httpMetrics.serverDuration)}_bucket`;
const toRoute = [
  toDashboard('Log lines of this endpoint', 'logs', { endpoint: route }),
  toDashboard('Traces of this endpoint', 'traces', { endpoint: route }),
];
const gauge = (metric: Parameters<typeof prometheusName>[0]) =>
  `sum by (${service}) (${prometheusName(metric)}{${ofService}})`;
/** What one process has a limit for, by the replica that has most of it: a sum would be nobody's. */
const largest = (of: string) => `max by (${service}) (sum by (${service}, ${instance}) (${of}))`;
/** Every page of a product seen, as the first step of buying. */
const looks = `sum(rate(${prometheusName(appMetrics.requests)}{${route}="/api/products/:id", ${service}="shop"}[5m]))`;
const orders = `sum(rate(${prometheusName(appMetrics.ordersPlaced)}[5m]))`;

/** What an application says of itself, from its endpoints down to its process. */
export const application = dashboard({
  uid: dashboardUids.application,
  title: 'Application Metrics',
  description: 'Throughput, errors and latency by endpoint, business, and the process below.',
  variables: serviceVariables,
  annotations: whatChanged,
  rows: [
    {
      title: 'Endpoints',
      panels: [
        timeseries({
          title: 'Throughput by endpoint',
          description: 'Requests per second. Click a line for its logs and traces.',
          unit: 'reqps',
          width: 12,
          links: toRoute,
          queries: [promql(requestRate(route), `{{${route}}}`)],
        }),
        timeseries({
          title: 'Answers by status',
          description: 'Requests per second by HTTP status. 5xx are ours, 4xx are the caller’s.',
          unit: 'reqps',
          width: 12,
          stacked: true,
          queries: [promql(requestRate(status), `{{${status}}}`)],
        }),
        timeseries({
          title: 'Errors by type',
          description:
            'Errors per second by the class of the error and the endpoint. A new type is a new problem: search the logs for it.',
          unit: 'cps',
          width: 12,
          links: toRoute,
          queries: [
            promql(appRate(appMetrics.errors, errorType, route), `{{${errorType}}} {{${route}}}`),
          ],
        }),
        heatmap({
          title: 'Latency',
          description:
            'How many requests took how long. A second band above the first is a part of the requests that goes another way.',
          unit: 's',
          width: 12,
          queries: [promqlBuckets(rate(durationBuckets, inRoute, 'le'))],
        }),
        timeseries({
          title: 'P95 latency by endpoint',
          description: '19 of 20 requests are faster. Click a line for its logs and traces.',
          unit: 's',
          width: 12,
          links: toRoute,
          queries: [promql(latency(0.95, route), `{{${route}}}`)],
        }),
        timeseries({
          title: 'Size of answers',
          description: 'P95 of the response bodies. A list without a limit grows here first.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(
              percentile(0.95, `${prometheusName(appMetrics.responseSize)}_bucket`, inRoute, route),
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
            'Orders that were placed and paid. Zero with traffic means that buying is broken.',
          width: 6,
          queries: [promql(`60 * ${orders}`)],
        }),
        stat({
          title: 'Conversion',
          description:
            'Orders for each product page seen. A fall without an error is a problem of the page.',
          unit: 'percentunit',
          width: 6,
          queries: [promql(`${orders} / ${looks}`)],
        }),
        stat({
          title: 'Items in a basket',
          description: 'Median of the pieces in one order.',
          width: 6,
          queries: [promql(percentile(0.5, `${prometheusName(appMetrics.basketSize)}_bucket`, ''))],
        }),
        stat({
          title: 'Sign-ups per hour',
          description: 'New customers.',
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
            'Per second. “failed” is the provider, “declined” the customer’s bank; a few declined are normal.',
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
            'Retries per second, and 1 while the circuit breaker is open: then no payment is even tried.',
          width: 12,
          queries: [
            promql(rate(prometheusName(appMetrics.paymentRetries)), 'retries per second'),
            promql(`max(${prometheusName(appMetrics.breakerOpen)})`, 'breaker open'),
          ],
        }),
        timeseries({
          title: 'Orders waiting to be sent',
          description:
            'Depth of the queue, and the P95 of handling one order. A queue that only grows needs more workers or a quicker database.',
          width: 12,
          queries: [
            promql(`sum(${prometheusName(appMetrics.queueDepth)})`, 'waiting'),
            promql(
              percentile(0.95, `${prometheusName(appMetrics.processDuration)}_bucket`, ''),
              'P95 of handling, in s',
            ),
          ],
        }),
      ],
    },
    {
      title: 'Data',
      panels: [
        timeseries({
          title: 'Database operations',
          description:
            'P95 by operation and table. All of them slow is the database, one is its query.',
          unit: 's',
          width: 12,
          queries: [
            promql(
              percentile(
                0.95,
                `${prometheusName(appMetrics.dbDuration)}_bucket`,
                ofService,
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
            'Look-ups per second by result, and entries that made room. Many misses with evictions mean that the cache is too small.',
          unit: 'cps',
          width: 12,
          queries: [
            promql(appRate(appMetrics.cacheRequests, cacheResult), `{{${cacheResult}}}`),
            promql(appRate(appMetrics.cacheEvictions), 'evictions'),
          ],
        }),
        stat({
          title: 'Cache hits',
          description: 'Share of the look-ups that were answered from the cache.',
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
          description: 'How much is in the cache.',
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
          description: 'Open at this moment. Requests that pile up wait for something slow.',
          width: 12,
          queries: [
            promql(gauge(appMetrics.requestsActive), `requests {{${service}}}`),
            promql(gauge(appMetrics.connectionsActive), `connections {{${service}}}`),
          ],
        }),
        timeseries({
          title: 'Event loop delay',
          description:
            'P99. Above 100 ms one request holds up all others: look for work that does not give way.',
          unit: 's',
          width: 12,
          queries: [
            promql(
              `max by (${service}) (${prometheusName(nodeMetrics.eventLoopDelay)}{${ofService}})`,
              `{{${service}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Heap',
          description:
            'JavaScript objects, in the replica with most. A floor that rises after each collection is a leak.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(
              largest(`${prometheusName(nodeMetrics.heapUsed)}{${ofService}}`),
              `{{${service}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Garbage collection',
          description:
            'Share of the time, in the replica with most. Above 5 % the heap is too small or too much is made.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(
              largest(
                `rate(${prometheusName(nodeMetrics.gcDuration)}_sum{${ofService}}[$__rate_interval])`,
              ),
              `{{${service}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'CPU',
          description: 'Cores in use by each container, all replicas together.',
          unit: 'short',
          width: 12,
          queries: [
            promql(
              rate(stackMetrics.containerCpu, 'container=~"$service"', 'container'),
              '{{container}}',
            ),
          ],
        }),
        timeseries({
          title: 'Memory',
          description:
            'Working set of each container, which the kernel compares with the limit; of replicas the largest.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(
              `max by (container) (${stackMetrics.containerMemory}{container=~"$service"})`,
              '{{container}}',
            ),
          ],
        }),
      ],
    },
  ],
});
