import { dashboardUids } from '../lib/model/uids.ts';
import { attributes, httpMetrics, nodeMetrics } from '../lib/telemetry/app.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { statusColors } from './panels/colors.ts';
import { dashboard } from './panels/dashboard.ts';
import { endpointLinks } from './panels/links.ts';
import { heatmap, timeseries } from './panels/panels.ts';
import { promql, promqlBuckets } from './panels/queries.ts';
import {
  errorRatio,
  latency,
  ofSelectedServices,
  rate,
  requestRate,
  selectedRoutes,
  selectedServices,
} from './panels/red.ts';
import { serviceLegend, serviceVariables } from './panels/variables.ts';

const service = serviceLabels('service_name').join(', ');
const legend = serviceLegend('service_name');
const instance = 'instance';
const route = label(attributes.httpRoute);
const status = label(attributes.httpResponseStatusCode);

const durationBuckets = `${prometheusName(httpMetrics.serverDuration)}_bucket`;
/** The largest value of all replicas of a service, for resources that are limited per process. */
const largestReplica = (of: string) =>
  `max by (${service}) (sum by (${service}, ${instance}) (${of}))`;
/** Endpoints and processes of applications, from what every OpenTelemetry SDK sends. */
export const applicationDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.application,
  title: 'Application Metrics',
  description: 'Throughput, latency and status codes by endpoint, and the processes behind them.',
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
          title: 'Errors by endpoint',
          description: 'Percentage of failed requests. Click a line for its logs and traces.',
          unit: 'percentunit',
          width: 12,
          links: endpointLinks,
          queries: [promql(errorRatio(route), `{{${route}}}`)],
        }),
        timeseries({
          title: 'Responses by status',
          description:
            'Requests per second by HTTP status code. 5xx are server errors, 4xx are client errors.',
          unit: 'reqps',
          width: 12,
          stacked: true,
          colors: statusColors,
          queries: [promql(requestRate(status), `{{${status}}}`)],
        }),
        timeseries({
          title: 'P95 latency by endpoint',
          description: '95 % of the requests are faster. Click a line for its logs and traces.',
          unit: 's',
          width: 12,
          links: endpointLinks,
          queries: [promql(latency(0.95, route), `{{${route}}}`)],
        }),
        heatmap({
          title: 'Latency',
          description:
            'Requests by duration. A second band above the first means that some requests take a slower path, such as a cache miss.',
          unit: 's',
          cellUnit: 'reqps',
          width: 24,
          queries: [promqlBuckets(rate(durationBuckets, selectedRoutes, 'le'))],
        }),
      ],
    },
    {
      title: 'Process',
      panels: [
        timeseries({
          title: 'CPU',
          description: 'CPU cores in use by container, summed over replicas.',
          width: 12,
          queries: [
            promql(
              `sum by (container) ${ofSelectedServices(`rate(${stackMetrics.containerCpu}[$__rate_interval])`)}`,
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
              `max by (container) ${ofSelectedServices(stackMetrics.containerMemory)}`,
              '{{container}}',
            ),
          ],
        }),
        timeseries({
          title: 'Event loop delay',
          description: 'P99. Above 100 ms requests block each other: look for synchronous work.',
          unit: 's',
          width: 8,
          empty: 'No Node.js process sends metrics',
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
          width: 8,
          empty: 'No Node.js process sends metrics',
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
          width: 8,
          empty: 'No Node.js process sends metrics',
          queries: [
            promql(
              largestReplica(
                `rate(${prometheusName(nodeMetrics.gcDuration)}_sum{${selectedServices}}[$__rate_interval])`,
              ),
              legend,
            ),
          ],
        }),
      ],
    },
  ],
});
