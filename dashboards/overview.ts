import {
  attributes,
  collectorMetrics,
  label,
  serviceGraph,
  spanMetrics,
} from '../lib/telemetry.ts';
import { dashboard, labelVariable } from './dashboard.ts';
import { logs, nodeGraph, stat, table, timeseries } from './panels.ts';
import { logql, promql, promqlNow, serviceMap, traceql } from './queries.ts';

const { calls, latencyBucket, service, spanKind, statusCode } = spanMetrics;
const serviceLabel = label(attributes.serviceName);

/** Requests that a service answered, for the services chosen above. */
const served = `${service}=~"$service", ${spanKind}="${spanMetrics.server}"`;
const failed = `${served}, ${statusCode}="${spanMetrics.error}"`;
const rate = (metric: string, selector: string, by = '') =>
  `sum${by} (rate(${metric}{${selector}}[$__rate_interval]))`;
const latency = (quantile: number) =>
  `histogram_quantile(${quantile}, ${rate(latencyBucket, served, ' by (le)')})`;
const errorRatio = `(${rate(calls, failed)} or vector(0)) / ${rate(calls, served)}`;
const accepted = (metric: string) => `sum(rate(${metric}[$__rate_interval]))`;

/** Is anything wrong, and where: rate, errors and duration, then the signals behind them. */
export const overview = dashboard({
  uid: 'mantis-overview',
  title: 'Overview',
  description:
    'How the services that send telemetry are doing, and the way to their logs and traces.',
  variables: [labelVariable('service', 'Service', { label: service, of: calls })],
  panels: [
    stat({
      title: 'Requests',
      description: 'Requests served per second. A sudden drop means that traffic stopped arriving.',
      unit: 'reqps',
      width: 6,
      queries: [promql(rate(calls, served))],
    }),
    stat({
      title: 'Errors',
      description: 'Share of requests that failed. Above 1 % look at the failed traces below.',
      unit: 'percentunit',
      thresholds: [0.01, 0.05],
      width: 6,
      queries: [promql(errorRatio)],
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
    timeseries({
      title: 'Requests by service',
      description: 'Requests served per second.',
      unit: 'reqps',
      width: 12,
      queries: [promql(rate(calls, served, ` by (${service})`), `{{${service}}}`)],
    }),
    timeseries({
      title: 'Latency',
      description: 'Percentiles of all requests. Dots are exemplars: a click opens the trace.',
      unit: 's',
      width: 12,
      queries: [0.5, 0.95, 0.99].map((q) => promql(latency(q), `P${q * 100}`)),
    }),
    logs({
      title: 'Logs',
      description: 'Newest lines of the chosen services. Open one to follow its trace.',
      width: 12,
      queries: [logql(`{${serviceLabel}=~"$service"}`)],
    }),
    table({
      title: 'Traces',
      description: 'Newest requests of the chosen services. A click opens the whole trace.',
      width: 12,
      queries: [traceql(`{ resource.${attributes.serviceName} =~ "$service" && kind = server }`)],
    }),
    nodeGraph({
      title: 'Service map',
      description: 'Who calls whom, with rate and latency. Red arcs are failed calls.',
      width: 12,
      queries: [serviceMap()],
    }),
    timeseries({
      title: 'Calls between services',
      description: 'Calls per second on each edge of the service map.',
      unit: 'reqps',
      width: 12,
      queries: [
        promql(
          rate(serviceGraph.requests, '', ` by (${serviceGraph.client}, ${serviceGraph.server})`),
          `{{${serviceGraph.client}}} → {{${serviceGraph.server}}}`,
        ),
      ],
    }),
    timeseries({
      title: 'Telemetry taken in',
      description: 'Items per second that the collector accepted. None means that no app sends.',
      unit: 'cps',
      width: 24,
      queries: [
        promql(accepted(collectorMetrics.acceptedSpans), 'spans'),
        promql(accepted(collectorMetrics.acceptedMetricPoints), 'metric points'),
        promql(accepted(collectorMetrics.acceptedLogRecords), 'log records'),
      ],
    }),
  ],
});
