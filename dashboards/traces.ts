import { dashboardUids } from '../lib/model/uids.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { edgeIdentity, serviceGraph, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { percentileColors } from './panels/colors.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { barGauge, heatmap, nodeGraph, timeseries } from './panels/panels.ts';
import {
  promql,
  promqlBuckets,
  promqlInstant,
  serviceMap,
  traceql,
  traceqlMetrics,
} from './panels/queries.ts';
import {
  percentile,
  rate,
  selectedEndpointSpans,
  selectedRequests,
  selectedServerSpans,
} from './panels/red.ts';
import { traceTable } from './panels/tables.ts';
import {
  customVariable,
  edgeLegend,
  fromService,
  selectedIdentity,
  serviceLegend,
  serviceVariables,
} from './panels/variables.ts';

const { service, spanName, latencyBucket } = spanMetrics;
const byService = serviceLabels('service');
/** Names of quantiles, which TraceQL cannot name. */
const percentiles = { '0.5': 'P50', '0.95': 'P95', '0.99': 'P99' } as const;
/** All spans of the selected services, including client and database spans. */
const operations = `${service}=~"$service", ${selectedIdentity}`;

/** Where requests spend time, and single traces. */
export const tracesDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.traces,
  title: 'Traces',
  description: 'Where requests spend time, between and within services, and single traces.',
  variables: [
    ...serviceVariables,
    customVariable('slower_than', 'Slower than', ['200ms', '500ms', '1s', '2s', '5s']),
  ],
  annotations: changeAnnotations,
  rows: [
    {
      title: 'Latency',
      panels: [
        timeseries({
          title: 'P95 by service',
          description:
            '95 % of the requests are faster. Start with the service whose latency rose first.',
          unit: 's',
          width: 12,
          links: [toDashboard('Log lines of this service', 'logs', fromService('service'))],
          queries: [
            promql(
              percentile(0.95, latencyBucket, selectedRequests, ...byService),
              serviceLegend('service'),
            ),
          ],
        }),
        heatmap({
          title: 'Duration of requests',
          description: 'Requests by duration. Dots are exemplars: click one to open its trace.',
          unit: 's',
          cellUnit: 'reqps',
          width: 12,
          queries: [promqlBuckets(rate(latencyBucket, selectedRequests, 'le'))],
        }),
        barGauge({
          title: 'Slowest operations',
          description: 'P95 by span name, including calls and database operations.',
          unit: 's',
          width: 12,
          queries: [
            promqlInstant(
              `topk(8, ${percentile(0.95, latencyBucket, operations, ...byService, spanName)} > 0)`,
              `${serviceLegend('service')}: {{${spanName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Percentiles computed from spans',
          description:
            'Median, P95 and P99 by TraceQL, computed from spans and not from histogram buckets.',
          unit: 's',
          width: 12,
          names: percentiles,
          colors: Object.fromEntries(
            Object.entries(percentiles).map(([quantile, name]) => [
              quantile,
              percentileColors[name],
            ]),
          ),
          queries: [
            traceqlMetrics(
              `{ ${selectedServerSpans} } | quantile_over_time(duration, 0.5, 0.95, 0.99)`,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Service graph',
      panels: [
        nodeGraph({
          title: 'Dependencies',
          description:
            'Services, databases and external services. Red arcs are failed calls. The buttons zoom out where there are many.',
          width: 24,
          empty: 'No service has called another in this time range',
          queries: [serviceMap()],
        }),
        timeseries({
          title: 'Calls',
          description: 'Calls per second between services.',
          unit: 'reqps',
          width: 12,
          queries: [promql(rate(serviceGraph.requests, '', ...edgeIdentity), edgeLegend)],
        }),
        timeseries({
          title: 'Latency of calls',
          description: 'P95 of calls between services, measured by the called service.',
          unit: 's',
          width: 12,
          queries: [
            promql(
              percentile(0.95, `${serviceGraph.serverSeconds}_bucket`, '', ...edgeIdentity),
              edgeLegend,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Single traces',
      panels: [
        traceTable({
          title: 'Failed traces',
          description:
            'Newest traces with an error in the selected services. Click one to open it.',
          width: 24,
          empty: 'No request failed in this time range, or Tempo does not answer',
          queries: [traceql(`{ ${selectedEndpointSpans} && status = error }`)],
        }),
        traceTable({
          title: 'Slow traces',
          description:
            'Newest requests that took longer than selected above. Click one to open it.',
          width: 24,
          empty: 'No request took longer in this time range, or Tempo does not answer',
          queries: [traceql(`{ ${selectedEndpointSpans} && duration > $slower_than }`)],
        }),
        traceTable({
          title: 'Traces across services',
          description: 'Newest requests that called another service. Click one to open it.',
          width: 24,
          empty: 'No service has called another in this time range, or Tempo does not answer',
          queries: [traceql(`{ ${selectedEndpointSpans} } >> { kind = client }`)],
        }),
      ],
    },
  ],
});
