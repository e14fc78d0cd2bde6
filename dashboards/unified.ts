import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import { collectorMetrics } from '../lib/telemetry/collector.ts';
import {
  recorded,
  recordedLabels,
  serviceGraph,
  spanMetrics,
} from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { whatChanged } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { logs, nodeGraph, stat, table, timeseries } from './panels/panels.ts';
import { logql, promql, promqlNow, serviceMap, traceql } from './panels/queries.ts';
import {
  chosenLogs,
  errorRatio,
  latency,
  logStream,
  rate,
  requestRate,
  servedEndpoint,
  servedSpans,
} from './panels/red.ts';
import { serviceVariables } from './panels/variables.ts';

const { service } = spanMetrics;
const { slo } = recordedLabels;
const { client, server } = serviceGraph;
const ofSeries = { service };
const toSignals = [
  toDashboard('Log lines of this service', 'logs', ofSeries),
  toDashboard('Traces of this service', 'traces', ofSeries),
];
const chosenService = `${service}=~"$service"`;
const ofObjective = `{{${service}}} {{${slo}}}`;
const memoryUse = `${stackMetrics.containerMemory}{container=~"$service"} / (${stackMetrics.containerMemoryLimit}{container=~"$service"} > 0)`;

/** Is anything wrong, and where: rate, errors and duration, then the signals behind them. */
export const unified = dashboard({
  uid: dashboardUids.unified,
  title: 'Unified Observability',
  description:
    'How the services that send telemetry are doing, and the way to their logs and traces.',
  variables: serviceVariables,
  annotations: whatChanged,
  rows: [
    {
      title: 'Is anything wrong?',
      panels: [
        stat({
          title: 'Requests',
          description:
            'Requests served per second. A sudden drop means that traffic stopped arriving.',
          unit: 'reqps',
          width: 6,
          queries: [promql(requestRate())],
        }),
        stat({
          title: 'Errors',
          description: 'Share of requests that failed. Above 1 % look at the failed traces below.',
          unit: 'percentunit',
          thresholds: [0.01, 0.05],
          width: 6,
          queries: [promql(errorRatio())],
        }),
        stat({
          title: 'P95 latency',
          description: '19 of 20 requests are faster. Above 1 s look at the slow traces below.',
          unit: 's',
          thresholds: [1, 2],
          width: 6,
          queries: [promql(latency(0.95))],
        }),
        stat({
          title: 'Waiting for a store',
          description:
            'The fullest queue of the collector. Well above 0 a store is away or too slow; nothing is lost until it is full.',
          unit: 'percentunit',
          thresholds: [0.5, 0.8],
          width: 6,
          queries: [
            promqlNow(`max(${collectorMetrics.queueSize} / ${collectorMetrics.queueCapacity})`),
          ],
        }),
      ],
    },
    {
      title: 'Are objectives kept?',
      panels: [
        timeseries({
          title: 'Error budget left',
          description:
            'Share of the failed or slow requests that the objectives still allow. Below 0 the objective is missed: stop risking more, and mend what burns it.',
          unit: 'percentunit',
          width: 12,
          links: toSignals,
          queries: [promql(`${recorded.sloBudgetLeft}{${chosenService}}`, ofObjective)],
        }),
        timeseries({
          title: 'Requests that miss an objective',
          description:
            'Share of the requests of the last minute that failed, or took longer than alerts.slo.latencyBound. A spike costs little budget, a plateau all of it.',
          unit: 'percentunit',
          width: 12,
          links: toSignals,
          queries: [
            promql(
              `${recorded.sloMisses}{${chosenService}} / on (${service}) group_left () (${recorded.sloRequests} > 0)`,
              ofObjective,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Which service?',
      panels: [
        timeseries({
          title: 'Requests by service',
          description:
            'Requests served per second. Click a line for the logs and traces behind it.',
          unit: 'reqps',
          width: 12,
          links: toSignals,
          queries: [promql(requestRate(service), `{{${service}}}`)],
        }),
        timeseries({
          title: 'Errors by service',
          description:
            'Share of failed requests. A service whose callee fails rises too: look at the service map for where it starts.',
          unit: 'percentunit',
          width: 12,
          links: toSignals,
          queries: [promql(errorRatio(service), `{{${service}}}`)],
        }),
        timeseries({
          title: 'Latency',
          description: 'Percentiles of all requests. Dots are exemplars: a click opens the trace.',
          unit: 's',
          width: 12,
          queries: [0.5, 0.95, 0.99].map((q) => promql(latency(q), `P${q * 100}`)),
        }),
        timeseries({
          title: 'Memory against its limit',
          description:
            'Working set of each container. Near 100 % the kernel kills it: raise the limit, or look for a leak in Application Metrics.',
          unit: 'percentunit',
          width: 12,
          queries: [promql(`max by (container) (${memoryUse})`, '{{container}}')],
        }),
        nodeGraph({
          title: 'Service map',
          description: 'Who calls whom, with rate and latency. Red arcs are failed calls.',
          width: 12,
          queries: [serviceMap()],
        }),
        timeseries({
          title: 'Calls between services',
          description:
            'Calls per second on each edge of the service map. A missing edge means that calls do not get through.',
          unit: 'reqps',
          width: 12,
          queries: [
            promql(
              rate(serviceGraph.requests, '', client, server),
              `{{${client}}} → {{${server}}}`,
            ),
          ],
        }),
      ],
    },
    {
      title: 'What happened?',
      panels: [
        logs({
          title: 'Logs',
          description:
            'Newest lines of what is chosen above, the text of the box included. Open one to follow its trace.',
          width: 12,
          queries: [logql(chosenLogs)],
        }),
        table({
          title: 'Failed requests',
          description:
            'Newest traces with an error. A click opens the trace; none is what you want to see.',
          width: 12,
          queries: [traceql(`{ ${servedSpans} && status = error }`)],
        }),
        table({
          title: 'Traces',
          description: 'Newest requests of what is chosen above. A click opens the whole trace.',
          width: 12,
          queries: [traceql(`{ ${servedEndpoint} }`)],
        }),
        timeseries({
          title: 'Log lines by service',
          description:
            'Lines per second. A service that falls silent or begins to shout stands out.',
          unit: 'cps',
          width: 12,
          queries: [
            logql(`sum by (service_name) (rate(${logStream} [$__auto]))`, '{{service_name}}'),
          ],
        }),
      ],
    },
  ],
});
