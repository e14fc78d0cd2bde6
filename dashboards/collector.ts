import { dashboardUids } from '../lib/model/uids.ts';
import { collectorFailures, collectorMetrics as metrics } from '../lib/telemetry/collector.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { targetInfo } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { dashboard } from './panels/dashboard.ts';
import { perSecond, stat, timeseries } from './panels/panels.ts';
import { promql, promqlInstant } from './panels/queries.ts';
import { rate } from './panels/red.ts';
import { serviceLegend } from './panels/variables.ts';

/** The names of one counter of the collector, by what it counts. */
interface PerSignal {
  readonly spans: string;
  readonly 'metric points': string;
  readonly 'log records': string;
}

function perSignal(counters: Readonly<Record<'spans' | 'metrics' | 'logs', string>>): PerSignal {
  const { spans, metrics: points, logs } = counters;
  return { spans, 'metric points': points, 'log records': logs };
}

/** What the collector accepts. */
export const accepted: PerSignal = {
  spans: metrics.acceptedSpans,
  'metric points': metrics.acceptedMetricPoints,
  'log records': metrics.acceptedLogRecords,
};
const refused = perSignal(collectorFailures.refused);
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

const rateBy = (counter: PerSignal, label: string) =>
  Object.entries(counter).map(([signal, metric]) =>
    promql(rate(metric, '', label), `${signal} {{${label}}}`),
  );

/** The rate of a counter by exporter, which has no series before the first failure: 0 until then. */
const failuresByExporter = (counter: PerSignal, what: string) =>
  Object.entries(counter).map(([signal, metric]) => {
    const exporters = sent[signal as keyof PerSignal];
    return promql(
      `${rate(metric, '', 'exporter')} or 0 * ${rate(exporters, '', 'exporter')}`,
      `${signal} ${what} {{exporter}}`,
    );
  });

/** Items lost in the time range of the dashboard; a counter without series counts as 0. */
const lost = [
  ...Object.values(collectorFailures.enqueueFailed),
  ...Object.values(collectorFailures.sendFailed),
]
  .map((metric) => `(sum(increase(${metric}[$__range])) or vector(0))`)
  .join(' + ');

const memory = `${stackMetrics.containerMemory}{container="otel-collector"}`;
const memoryLimit = `${stackMetrics.containerMemoryLimit}{container="otel-collector"}`;
/** Every push of metrics has a sample of this metric. */
const pushes = `sum by (${serviceLabels('service_name').join(', ')}) (count_over_time(${targetInfo}[5m])) / 5`;

/** Whether the collector receives and exports all telemetry, and where it is lost or delayed. */
export const collectorDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.collector,
  title: 'Collector Health',
  description: 'Telemetry that the collector receives, exports, queues and loses.',
  rows: [
    {
      title: 'Overview',
      panels: [
        stat({
          title: 'Lost',
          description:
            'Items that did not fit into a queue or that a store rejected permanently, in the time range of the dashboard. Should be 0; if not, see the panels below and the collector’s log.',
          thresholds: [1, 1],
          decimals: 0,
          width: 6,
          queries: [promqlInstant(lost)],
        }),
        stat({
          title: 'Fullest queue',
          description:
            'A full queue blocks senders. Above 80 % find out which store does not accept telemetry.',
          unit: 'percentunit',
          decimals: 0,
          thresholds: [0.5, 0.8],
          width: 6,
          queries: [promql(`max(${metrics.queueSize} / ${metrics.queueCapacity})`)],
        }),
        stat({
          title: 'Refused',
          description:
            'Items per second that the memory limiter refused; senders should retry them.',
          unit: perSecond('items'),
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
          description:
            'Memory usage as a percentage of the container’s limit. Above 80 % the memory limiter refuses new data.',
          unit: 'percentunit',
          decimals: 0,
          thresholds: [0.7, 0.8],
          width: 6,
          queries: [promql(`max(${memory} / ${memoryLimit})`)],
        }),
      ],
    },
    {
      title: 'Receivers',
      panels: [
        timeseries({
          title: 'Accepted',
          description:
            'Items per second by signal and receiver. Zero means that no app sends telemetry.',
          unit: perSecond('items'),
          width: 12,
          queries: rateBy(accepted, 'receiver'),
        }),
        timeseries({
          title: 'Refused or failed',
          description:
            'Items per second by signal and receiver. Senders may retry refused items; failed ones could not be decoded.',
          unit: perSecond('items'),
          width: 12,
          queries: [...rateBy(refused, 'receiver'), ...rateBy(failed, 'receiver')],
        }),
        timeseries({
          title: 'Processors',
          description:
            'Items per second into and out of each processor. The difference is what it drops.',
          unit: perSecond('items'),
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
          title: 'Pushes of metrics',
          description:
            'How often each service sends metrics, per minute and for all its replicas. SDKs send every minute unless OTEL_METRIC_EXPORT_INTERVAL is shorter. None means that the service has ended, or that its telemetry does not arrive.',
          width: 12,
          queries: [promql(pushes, serviceLegend('service_name'))],
        }),
        timeseries({
          title: 'Look-ups of pods',
          description:
            'Resources per second whose pod was looked up to add its name, by what identified it. Errors are pods that are not known: of other clusters, on the host network, senders outside the cluster. Only errors mean that the collector may not list pods.',
          unit: perSecond('items'),
          width: 24,
          queries: [
            promql(
              rate(metrics.podAssociation, '', 'pod_identifier', 'status'),
              '{{pod_identifier}}, {{status}}',
            ),
          ],
        }),
      ],
    },
    {
      title: 'Exporters',
      panels: [
        timeseries({
          title: 'Sent',
          description: 'Items per second by signal and exporter.',
          unit: perSecond('items'),
          width: 12,
          queries: rateBy(sent, 'exporter'),
        }),
        timeseries({
          title: 'Failed',
          description:
            'Items per second by signal and exporter that are lost: a store rejected them permanently, or they did not fit into the queue. Retries are not counted.',
          unit: perSecond('items'),
          width: 12,
          queries: [
            ...failuresByExporter(perSignal(collectorFailures.sendFailed), 'rejected by'),
            ...failuresByExporter(perSignal(collectorFailures.enqueueFailed), 'not queued for'),
          ],
        }),
        timeseries({
          title: 'Requests in flight',
          description:
            'Requests to each store that have no response yet. Many mean that the store is slow.',
          width: 12,
          queries: [promql(`sum by (exporter) (${metrics.inFlight})`, '{{exporter}}')],
        }),
        timeseries({
          title: 'Queues',
          description:
            'Usage of each queue. A growing queue means that its store does not accept telemetry; nothing is lost, and senders are blocked when it is full.',
          unit: 'percentunit',
          axisMax: 1,
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
          description:
            'Resident memory, the heap of the Go runtime, and the limit of the container.',
          unit: 'bytes',
          width: 24,
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
