import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { serviceGraph, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { whatChanged } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { barGauge, heatmap, nodeGraph, table, timeseries } from './panels/panels.ts';
import {
  promql,
  promqlBuckets,
  promqlNow,
  serviceMap,
  traceql,
  traceqlMetrics,
} from './panels/queries.ts';
import { percentile, rate, served, servedEndpoint, servedSpans } from './panels/red.ts';
import { custom, serviceVariables } from './panels/variables.ts';

const { service, spanName, latencyBucket } = spanMetrics;
const { client, server } = serviceGraph;
const serviceName = `resource.${attributes.serviceName}`;
const route = `span.${attributes.httpRoute}`;
const edge = `{{${client}}} → {{${server}}}`;
/** All operations of the chosen services, calls to others and to databases included. */
const operations = `${service}=~"$service"`;

/** Where the time goes, and which requests it goes in. */
export const traces = dashboard({
  uid: dashboardUids.traces,
  title: 'Traces',
  description: 'Where time is spent, between services and within them, down to single traces.',
  variables: [
    ...serviceVariables,
    custom('slower_than', 'Slower than', ['200ms', '500ms', '1s', '2s', '5s']),
  ],
  annotations: whatChanged,
  rows: [
    {
      title: 'Where time is spent',
      panels: [
        timeseries({
          title: 'P95 by service',
          description: '19 of 20 requests are faster. The one that moved first is where to look.',
          unit: 's',
          width: 12,
          links: [toDashboard('Log lines of this service', 'logs', { service })],
          queries: [promql(percentile(0.95, latencyBucket, served, service), `{{${service}}}`)],
        }),
        heatmap({
          title: 'Duration of requests',
          description: 'How many requests took how long. Dots are exemplars: a click opens one.',
          unit: 's',
          width: 12,
          queries: [promqlBuckets(rate(latencyBucket, served, 'le'))],
        }),
        barGauge({
          title: 'Slowest operations',
          description:
            'P95 of every kind of span, calls and database operations included: what to make faster first.',
          unit: 's',
          width: 12,
          queries: [
            promqlNow(
              `topk(12, ${percentile(0.95, latencyBucket, operations, service, spanName)} > 0)`,
              `{{${service}}}: {{${spanName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Percentiles, computed from spans',
          description:
            'Median, P95 and P99 by TraceQL: exact, for any condition that spans can have.',
          unit: 's',
          width: 12,
          queries: [
            traceqlMetrics(`{ ${servedSpans} } | quantile_over_time(duration, 0.5, 0.95, 0.99)`),
          ],
        }),
      ],
    },
    {
      title: 'Who calls whom',
      panels: [
        nodeGraph({
          title: 'Dependencies',
          description: 'Services, databases and outside parties. Red arcs are failed calls.',
          width: 12,
          queries: [serviceMap()],
        }),
        timeseries({
          title: 'Calls',
          description: 'Per second, on each edge.',
          unit: 'reqps',
          width: 12,
          queries: [promql(rate(serviceGraph.requests, '', client, server), edge)],
        }),
        timeseries({
          title: 'Latency of calls',
          description: 'P95 on each edge, measured by the called service.',
          unit: 's',
          width: 12,
          queries: [
            promql(
              percentile(0.95, `${serviceGraph.serverSeconds}_bucket`, '', client, server),
              edge,
            ),
          ],
        }),
        timeseries({
          title: 'Requests by endpoint',
          description: 'Per second, computed from spans by TraceQL.',
          unit: 'reqps',
          width: 12,
          queries: [traceqlMetrics(`{ ${servedEndpoint} } | rate() by (${serviceName}, ${route})`)],
        }),
      ],
    },
    {
      title: 'Single traces',
      panels: [
        table({
          title: 'Failed',
          description: 'Newest traces with an error in the chosen services. A click opens one.',
          width: 12,
          queries: [traceql(`{ ${servedSpans} && status = error }`)],
        }),
        table({
          title: 'Slow',
          description: 'Newest requests that took longer than chosen above. A click opens one.',
          width: 12,
          queries: [traceql(`{ ${servedEndpoint} && duration > $slower_than }`)],
        }),
        table({
          title: 'Flow',
          description:
            'Newest requests that went on to another service: open one to see the way that a request takes.',
          width: 24,
          queries: [traceql(`{ ${servedEndpoint} } >> { kind = client }`)],
        }),
      ],
    },
  ],
});
