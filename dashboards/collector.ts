import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { collectorFailures, collectorMetrics as metrics } from '../lib/telemetry/collector.ts';
import { label } from '../lib/telemetry/metric.ts';
import { targetInfo } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { dashboard } from './panels/dashboard.ts';
import { stat, timeseries } from './panels/panels.ts';
import { promql, promqlNow } from './panels/queries.ts';
import { rate } from './panels/red.ts';

/** One of the collector's counters, which has a name for each signal. */
interface PerSignal {
  readonly spans: string;
  readonly 'metric points': string;
  readonly 'log records': string;
}

const accepted: PerSignal = {
  spans: metrics.acceptedSpans,
  'metric points': metrics.acceptedMetricPoints,
  'log records': metrics.acceptedLogRecords,
};
const refused: PerSignal = {
  spans: metrics.refusedSpans,
  'metric points': metrics.refusedMetricPoints,
  'log records': metrics.refusedLogRecords,
};
const failed: PerSignal = {
  spans: metrics.failedSpans,
  'metric points': metrics.failedMetricPoints,
  'log records': metrics.failedLogRecords,
};
const sent: PerSignal = {
  spans: metrics.sentSpans,
  'metric points': metrics.sentMetricPoints,
  'log records': metrics.sentLogRecords,
};

const by = (counter: PerSignal, label: string) =>
  Object.entries(counter).map(([signal, metric]) =>
    promql(rate(metric, '', label), `${signal} {{${label}}}`),
  );

/** All that was thrown away in the time on display; a counter that never was is a 0. */
const lost = [
  ...Object.values(collectorFailures.enqueueFailed),
  ...Object.values(collectorFailures.sendFailed),
]
  .map((metric) => `(sum(increase(${metric}[$__range])) or vector(0))`)
  .join(' + ');

const service = label(attributes.serviceName);
const memory = `${stackMetrics.containerMemory}{container="otel-collector"}`;
const memoryLimit = `${stackMetrics.containerMemoryLimit}{container="otel-collector"}`;
/** How far the newest metrics of each service are behind. */
const delay = `time() - max by (${service}) (timestamp(${targetInfo}))`;

/** Does everything that is sent arrive, and where does it stop if not. */
export const collector = dashboard({
  uid: dashboardUids.collector,
  title: 'Collector Health',
  description: 'What the collector takes in, what it passes on, and what waits or is lost.',
  rows: [
    {
      title: 'Is anything lost?',
      panels: [
        stat({
          title: 'Lost',
          description:
            'Items that found no place in a queue or that a store refused for good, in the time on display. It should be 0; if not, the panels below and the collector’s log say which.',
          thresholds: [1, 1],
          width: 6,
          queries: [promqlNow(lost)],
        }),
        stat({
          title: 'Fullest queue',
          description:
            'Above 80 % senders will soon have to wait. Find out which store does not take what it is sent.',
          unit: 'percentunit',
          thresholds: [0.5, 0.8],
          width: 6,
          queries: [promql(`max(${metrics.queueSize} / ${metrics.queueCapacity})`)],
        }),
        stat({
          title: 'Refused',
          description:
            'Items per second that senders were asked to keep for a while, because memory was short.',
          unit: 'cps',
          thresholds: [0.1, 10],
          width: 6,
          queries: [
            promql(
              Object.values(refused)
                .map((each) => rate(each))
                .join(' + '),
            ),
          ],
        }),
        stat({
          title: 'Memory',
          description: 'Against the limit of the container. Above 80 % new data is refused.',
          unit: 'percentunit',
          thresholds: [0.7, 0.8],
          width: 6,
          queries: [promql(`max(${memory} / ${memoryLimit})`)],
        }),
      ],
    },
    {
      title: 'In',
      panels: [
        timeseries({
          title: 'Accepted',
          description: 'Items per second by signal and receiver. None means that no app sends.',
          unit: 'cps',
          width: 12,
          queries: by(accepted, 'receiver'),
        }),
        timeseries({
          title: 'Refused or failed',
          description:
            'Items per second by signal and receiver. Refused ones come again, if their sender retries; failed ones could not be read.',
          unit: 'cps',
          width: 12,
          queries: [...by(refused, 'receiver'), ...by(failed, 'receiver')],
        }),
        timeseries({
          title: 'Between in and out',
          description:
            'Items per second that go into and come out of each processor. A difference is what it filters.',
          unit: 'cps',
          width: 12,
          queries: [
            promql(
              rate(metrics.incomingItems, '', 'processor', 'otel_signal'),
              'into {{processor}}, {{otel_signal}}',
            ),
            promql(
              rate(metrics.outgoingItems, '', 'processor', 'otel_signal'),
              'out of {{processor}}, {{otel_signal}}',
            ),
          ],
        }),
        timeseries({
          title: 'Delay from app to Prometheus',
          description:
            'Age of the newest metrics of each service. Apps send every 15 s; much more means that they wait somewhere.',
          unit: 's',
          width: 12,
          queries: [promql(delay, `{{${service}}}`)],
        }),
      ],
    },
    {
      title: 'Out',
      panels: [
        timeseries({
          title: 'Sent',
          description: 'Items per second by signal and exporter.',
          unit: 'cps',
          width: 12,
          queries: by(sent, 'exporter'),
        }),
        timeseries({
          title: 'Requests in flight',
          description: 'To each store at this moment. Many mean that the store is slow to answer.',
          width: 12,
          queries: [promql(`sum by (exporter) (${metrics.inFlight})`, '{{exporter}}')],
        }),
        timeseries({
          title: 'Queues',
          description:
            'How full each queue is. One that fills shows which store is away; nothing is lost until it is full.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(
              `max by (exporter) (${metrics.queueSize} / ${metrics.queueCapacity})`,
              '{{exporter}}',
            ),
          ],
        }),
        timeseries({
          title: 'Process',
          description: 'Memory in use, and what the Go runtime has of it.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(`max(${metrics.memoryRss})`, 'resident'),
            promql(`max(${metrics.heapAlloc})`, 'heap'),
            promql(`max(${memoryLimit})`, 'limit'),
          ],
        }),
      ],
    },
  ],
});
