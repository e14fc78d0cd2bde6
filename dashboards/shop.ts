import { dashboardUids } from '../lib/model/uids.ts';
import { appMetrics, attributes, shopAttributes } from '../lib/telemetry/app.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { endpointLinks } from './panels/links.ts';
import { perSecond, stat, timeseries } from './panels/panels.ts';
import { promql } from './panels/queries.ts';
import { appRate, percentile, rate, selectedRoutes, selectedServices } from './panels/red.ts';
import { serviceLegend, serviceVariables } from './panels/variables.ts';

const service = serviceLabels('service_name').join(', ');
const legend = serviceLegend('service_name');
const route = label(attributes.httpRoute);
const errorType = label(attributes.errorType);
const [currency, outcome, cacheResult] = [
  label(shopAttributes.currency),
  label(shopAttributes.paymentOutcome),
  label(shopAttributes.cacheResult),
];
const table = label(attributes.dbCollectionName);
const operation = label(attributes.dbOperationName);

const gauge = (metric: Parameters<typeof prometheusName>[0]) =>
  `sum by (${service}) (${prometheusName(metric)}{${selectedServices}})`;
const payments = (outcomes: string) =>
  rate(prometheusName(appMetrics.payments), `${outcome}=~"${outcomes}"`);
const lookups = (results: string) =>
  rate(prometheusName(appMetrics.cacheRequests), `${cacheResult}=~"${results}"`);
const orders = `sum(rate(${prometheusName(appMetrics.ordersPlaced)}[5m]))`;

/** What only the test app measures; an example of a dashboard for one's own metrics. */
export const shopDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.shop,
  title: 'Shop',
  description: 'Orders, payments, errors, database and cache of the test app.',
  variables: serviceVariables,
  annotations: changeAnnotations,
  rows: [
    {
      title: 'Business',
      panels: [
        stat({
          title: 'Orders per minute',
          description:
            'Orders that were placed and paid. Zero while there is traffic means that orders fail.',
          decimals: 1,
          width: 6,
          queries: [promql(`60 * ${orders}`)],
        }),
        stat({
          title: 'Payment success',
          description:
            'Percentage of payments that the bank authorized. A drop points to the payment provider.',
          unit: 'percentunit',
          decimals: 0,
          width: 6,
          queries: [promql(`${payments('authorized')} / ${payments('.+')}`)],
        }),
        stat({
          title: 'Items per order',
          description: 'Median number of items in an order.',
          decimals: 1,
          width: 6,
          queries: [promql(percentile(0.5, `${prometheusName(appMetrics.basketSize)}_bucket`, ''))],
        }),
        stat({
          title: 'Sign-ups per hour',
          description: 'New customers per hour.',
          decimals: 0,
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
          unit: perSecond('payments'),
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
          unit: perSecond('look-ups'),
          width: 12,
          queries: [
            promql(appRate(appMetrics.cacheRequests, cacheResult), `{{${cacheResult}}}`),
            promql(appRate(appMetrics.cacheEvictions), 'evictions'),
          ],
        }),
        timeseries({
          title: 'Cache hits',
          description: 'Percentage of look-ups that were answered from the cache.',
          unit: 'percentunit',
          width: 12,
          axisMax: 1,
          queries: [promql(`${lookups('hit')} / ${lookups('.+')}`, 'hits')],
        }),
        timeseries({
          title: 'Cache entries',
          description: 'Number of entries in the cache.',
          decimals: 0,
          width: 12,
          queries: [promql(gauge(appMetrics.cacheSize), legend)],
        }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        timeseries({
          title: 'Errors by type',
          description:
            'Errors per second by error type and endpoint. Search the logs for a type that is new.',
          unit: perSecond('errors'),
          width: 24,
          empty: 'No error in this time range',
          links: endpointLinks,
          queries: [
            promql(appRate(appMetrics.errors, errorType, route), `{{${errorType}}} {{${route}}}`),
          ],
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
      ],
    },
  ],
});
