import { dashboardUids } from '../lib/model/uids.ts';
import { collectorMetrics } from '../lib/telemetry/collector.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { recordedLabels, recordedMetrics, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { percentileColors } from './panels/colors.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { lineRate } from './panels/log-counts.ts';
import { logs, nodeGraph, perSecond, stat, timeseries } from './panels/panels.ts';
import { logql, promql, promqlInstant, serviceMap, traceql } from './panels/queries.ts';
import {
  errorRatio,
  latency,
  ofSelectedServices,
  requestRate,
  selectedEndpointSpans,
  selectedLogs,
} from './panels/red.ts';
import { traceTable } from './panels/tables.ts';
import {
  fromService,
  selectedIdentity,
  serviceLegend,
  serviceVariables,
} from './panels/variables.ts';

const { service } = spanMetrics;
const { slo } = recordedLabels;
const byService = serviceLabels('service');
const signalLinks = [
  toDashboard('Log lines of this service', 'logs', fromService('service')),
  toDashboard('Traces of this service', 'traces', fromService('service')),
];
const selectedService = `${service}=~"$service", ${selectedIdentity}`;
const legend = serviceLegend('service');
const objectiveLegend = `${legend} {{${slo}}}`;
const memoryUse = ofSelectedServices(
  `${stackMetrics.containerMemory} / (${stackMetrics.containerMemoryLimit} > 0)`,
);

/** Rate, errors and duration of all services, service level objectives, and logs and traces. */
export const unifiedDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.unified,
  title: 'Unified Observability',
  description: 'Rate, errors and duration of all services, with links to their logs and traces.',
  variables: serviceVariables,
  annotations: changeAnnotations,
  rows: [
    {
      title: 'Overview',
      panels: [
        stat({
          title: 'Requests',
          description:
            'Requests served per second. A sudden drop means that requests no longer arrive.',
          unit: 'reqps',
          width: 6,
          queries: [promql(requestRate())],
        }),
        stat({
          title: 'Errors',
          description:
            'Percentage of requests that failed. Above 1 % see the failed requests below.',
          unit: 'percentunit',
          decimals: 1,
          thresholds: [0.01, 0.05],
          width: 6,
          queries: [promql(errorRatio())],
        }),
        stat({
          title: 'P95 latency',
          description: '95 % of the requests are faster. Above 1 s see the traces below.',
          unit: 's',
          thresholds: [1, 2],
          width: 6,
          queries: [promql(latency(0.95))],
        }),
        stat({
          title: 'Fullest queue',
          description:
            'Usage of the fullest queue of the collector. Well above 0 a store is unavailable or too slow; nothing is lost, and senders are blocked when it is full.',
          unit: 'percentunit',
          decimals: 0,
          thresholds: [0.5, 0.8],
          width: 6,
          queries: [
            promqlInstant(`max(${collectorMetrics.queueSize} / ${collectorMetrics.queueCapacity})`),
          ],
        }),
      ],
    },
    {
      title: 'Services',
      panels: [
        timeseries({
          title: 'Requests by service',
          description: 'Requests served per second. Click a line for its logs and traces.',
          unit: 'reqps',
          width: 12,
          links: signalLinks,
          queries: [promql(requestRate(...byService), legend)],
        }),
        timeseries({
          title: 'Errors by service',
          description:
            'Percentage of failed requests. Callers of a failing service fail too: the service map shows where the errors start.',
          unit: 'percentunit',
          width: 12,
          links: signalLinks,
          queries: [promql(errorRatio(...byService), legend)],
        }),
        timeseries({
          title: 'Latency',
          description:
            'Percentiles of all requests. Dots are exemplars: click one to open its trace.',
          unit: 's',
          width: 12,
          colors: percentileColors,
          queries: [0.5, 0.95, 0.99].map((q) => promql(latency(q), `P${q * 100}`)),
        }),
        timeseries({
          title: 'Memory usage of limit',
          description:
            'Working set of each container as a percentage of its limit. At 100 % the kernel kills it: raise the limit, or look for a leak in Application Metrics.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [promql(`max by (container) ${memoryUse}`, '{{container}}')],
        }),
        nodeGraph({
          title: 'Service map',
          description:
            'Calls between services, with rate and latency. Red arcs are failed calls. The buttons zoom out where there are many.',
          width: 24,
          empty: 'No service has called another in this time range',
          queries: [serviceMap()],
        }),
      ],
    },
    {
      title: 'Service level objectives',
      panels: [
        timeseries({
          title: 'Error budget left',
          description:
            'Percentage of the error budget that is left. Below 0 the objective is missed.',
          unit: 'percentunit',
          width: 12,
          range: [-1, 1],
          links: signalLinks,
          queries: [
            promql(`${recordedMetrics.sloBudgetLeft}{${selectedService}}`, objectiveLegend),
          ],
        }),
        timeseries({
          title: 'Requests that miss an objective',
          description:
            'Percentage of the requests of the last minute that failed, or took longer than alerts.slo.latencyBound. A short spike uses little of the error budget.',
          unit: 'percentunit',
          width: 12,
          links: signalLinks,
          queries: [
            promql(
              `${recordedMetrics.sloMisses}{${selectedService}} / on (${byService.join(', ')}) group_left () (${recordedMetrics.sloRequests} > 0)`,
              objectiveLegend,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Logs and traces',
      panels: [
        timeseries({
          title: 'Log lines by service',
          description:
            'Lines per second. Look for services that stop logging or log much more than usual.',
          unit: perSecond('lines'),
          width: 24,
          height: 7,
          queries: [
            promql(lineRate(...serviceLabels('service_name')), serviceLegend('service_name')),
          ],
        }),
        logs({
          title: 'Logs',
          description:
            'Newest lines of the selected services and endpoints that contain the log text. Expand one for the link to its trace.',
          width: 24,
          source: 'service_name',
          queries: [logql(selectedLogs)],
        }),
        traceTable({
          title: 'Failed requests',
          description: 'Newest traces with an error. Click one to open it.',
          width: 24,
          empty: 'No request failed in this time range, or Tempo does not answer',
          queries: [traceql(`{ ${selectedEndpointSpans} && status = error }`)],
        }),
        traceTable({
          title: 'Traces',
          description:
            'Newest requests of the selected services and endpoints. Click one to open its trace.',
          width: 24,
          queries: [traceql(`{ ${selectedEndpointSpans} }`)],
        }),
      ],
    },
  ],
});
