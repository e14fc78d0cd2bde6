import { annotatedPodsJob } from '../lib/model/topology.ts';
import type { ReplaceableService } from '../lib/model/topology-settings.ts';
import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { collectorFiltered, collectorMetrics, invalidFilter } from '../lib/telemetry/collector.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { label } from '../lib/telemetry/metric.ts';
import { seriesPerSpanMetric, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics as metrics } from '../lib/telemetry/stack.ts';
import { type ClassicDashboard, dashboard } from './panels/dashboard.ts';
import { perSecond, stat, timeseries } from './panels/panels.ts';
import { promql, promqlInstant } from './panels/queries.ts';
import { rate } from './panels/red.ts';
import { serviceLegend } from './panels/variables.ts';

/** The scrape jobs of the stack's components. */
export const stackJobs = [
  'prometheus',
  'loki',
  'tempo',
  'grafana',
  'alertmanager',
  'otel-collector',
];

const [namespace, pod] = [attributes.k8sNamespaceName, attributes.k8sPodName].map(label);

/** Whether each component can be scraped. */
const componentsUp = `min by (job) (${metrics.up}{job=~"${stackJobs.join('|')}"})`;
export const componentsPanel = stat({
  title: 'Components',
  description:
    'Whether Prometheus can scrape each component. If one is down, ./mantis status shows the reason.',
  width: 24,
  texts: { 0: { text: 'down', color: 'red' }, 1: { text: 'up', color: 'green' } },
  queries: [promqlInstant(componentsUp, '{{job}}')],
});

/** Rate of a counter of failures; 0 while it has no series. */
const failureRate = (metric: string, name: string) =>
  promql(`sum(rate(${metric}[$__rate_interval])) or vector(0)`, name);

/** Not rate(): Prometheus takes this metric for no counter, because of its name. */
const refusedByTempo = promql(
  `sum(clamp_min(deriv(${metrics.tempoRefused}[$__rate_interval]), 0)) or vector(0)`,
  'refused',
);

/** Sum of counters of corruptions since the start of a store. */
const corruptionCount = (counters: readonly string[], name: string) =>
  promql(counters.map((metric) => `(sum(${metric}) or vector(0))`).join(' + '), name);

/** P95 of a native histogram. */
const nativeP95 = (metric: string, selector: string, by: string) =>
  `histogram_quantile(0.95, sum by (${by}) (rate(${metric}{${selector}}[$__rate_interval])))`;

/** Health of the stack itself, with one row for each component. */
export const stackDashboard = rowsOf(() => true);

/**
 * Its panels have the ids of the whole dashboard, which links contain.
 *
 * @param has whether a store is deployed; what is external has no row and no lines
 */
export function stackDashboardOf(has: (store: ReplaceableService) => boolean): ClassicDashboard {
  const some = rowsOf(has);
  const panels = some.panels.map((panel) => {
    const same = stackDashboard.panels.find(
      ({ type, title }) => type === panel.type && title === panel.title,
    );
    return { ...panel, id: same?.id ?? panel.id } as typeof panel;
  });
  return { ...some, panels };
}

function rowsOf(has: (store: ReplaceableService) => boolean) {
  const of = <T>(store: ReplaceableService, ...parts: readonly T[]) => (has(store) ? parts : []);
  return dashboard({
    filename: import.meta.filename,
    uid: dashboardUids.stack,
    title: 'Stack Health',
    description:
      'Prometheus, Loki, Tempo, Grafana and Alertmanager: load, latency, errors and storage.',
    rows: [
      {
        title: 'Up',
        panels: [componentsPanel],
      },
      {
        title: 'All components',
        panels: [
          timeseries({
            title: 'Memory usage of limit',
            description:
              'Working set as a percentage of the memory limit. At 100 % the kernel kills the container: raise memoryLimit.',
            unit: 'percentunit',
            axisMax: 1,
            width: 12,
            queries: [
              promql(
                `max by (container) (${metrics.containerMemory}{container=~"${stackJobs.join('|')}"} / (${metrics.containerMemoryLimit} > 0))`,
                '{{container}}',
              ),
            ],
          }),
          timeseries({
            title: 'CPU',
            description: 'CPU cores in use.',
            width: 12,
            queries: [
              promql(
                rate(metrics.containerCpu, `container=~"${stackJobs.join('|')}"`, 'container'),
                '{{container}}',
              ),
            ],
          }),
          timeseries({
            title: 'Volumes',
            description:
              'Usage of each volume, if its storage driver reports it, and of the file system with Loki’s write-ahead log. Above 85 % shorten the retention or enlarge the volume.',
            unit: 'percentunit',
            axisMax: 1,
            width: 12,
            queries: [
              promql(
                `max by (persistentvolumeclaim) (${metrics.volumeUsed} / ${metrics.volumeCapacity})`,
                '{{persistentvolumeclaim}}',
              ),
              ...of('loki', promql(`max(${metrics.lokiWalUse})`, 'file system of Loki')),
            ],
          }),
          timeseries({
            title: 'Stored',
            description: 'Bytes on disk. If it grows without limit, retention does not work.',
            unit: 'bytes',
            width: 12,
            queries: [
              promql(`sum(${metrics.prometheusBlocksBytes})`, 'Prometheus blocks'),
              promql(`sum(${metrics.prometheusWalBytes}{job="prometheus"})`, 'Prometheus WAL'),
              ...of('loki', promql(`sum(${metrics.lokiWalBytes})`, 'Loki WAL')),
              ...of(
                'tempo',
                promql(`sum(${metrics.tempoStoredBytes}) or vector(0)`, 'Tempo blocks'),
              ),
            ],
          }),
          timeseries({
            title: 'Failed configuration reloads',
            description:
              '1 while a component uses its old configuration, because it could not load the new one. See its log for the reason.',
            decimals: 0,
            width: 12,
            queries: [
              promql(`1 - min(${metrics.prometheusConfigReloaded})`, 'Prometheus'),
              promql(`1 - min(${metrics.alertmanagerConfigReloaded})`, 'Alertmanager'),
              ...of('loki', promql(`1 - min(${metrics.lokiRulesReloaded})`, 'Loki rules')),
            ],
          }),
          timeseries({
            title: 'WAL corruptions',
            description:
              'Corruptions that a store found in its write-ahead log when it started; the data after them is lost. Should be 0. Look for a full or failing disk.',
            decimals: 0,
            width: 12,
            queries: [
              corruptionCount(
                [metrics.prometheusWalCorruptions, metrics.prometheusChunkCorruptions],
                'Prometheus',
              ),
              ...of(
                'loki',
                corruptionCount(
                  [metrics.lokiWalCorruptions, metrics.lokiRulerWalCorruptions],
                  'Loki',
                ),
              ),
            ],
          }),
          timeseries({
            title: 'Items dropped as invalid',
            description:
              'Items per second that the collector drops because no store can represent them. Should be 0; if not, a sender is faulty.',
            unit: perSecond('items'),
            width: 24,
            queries: [
              ...Object.entries(collectorFiltered).map(([signal, metric]) =>
                failureRate(`${metric}{filter="${invalidFilter}"}`, signal),
              ),
              failureRate(`${collectorMetrics.deltaMetricPoints}{error!=""}`, 'delta temporality'),
            ],
          }),
        ],
      },
      {
        title: 'Prometheus',
        panels: [
          timeseries({
            title: 'Samples',
            description: 'Samples stored per second.',
            unit: perSecond('samples'),
            width: 8,
            queries: [promql(rate(metrics.prometheusSamples, 'job="prometheus"'), 'samples')],
          }),
          timeseries({
            title: 'Series',
            description:
              'Active series, which determine memory usage. A sudden increase means that a label has unbounded values.',
            decimals: 0,
            width: 8,
            queries: [promql(`sum(${metrics.prometheusSeries}{job="prometheus"})`, 'series')],
          }),
          timeseries({
            title: 'Queries',
            description: 'P90 of query evaluation. Above 1 s dashboards are slow.',
            unit: 's',
            width: 8,
            queries: [
              promql(
                `max(${metrics.prometheusQuerySeconds}{slice="inner_eval", quantile="0.9"})`,
                'P90',
              ),
            ],
          }),
          timeseries({
            title: 'Samples rejected or failed',
            description:
              'Samples per second that were too old, out of order, out of bounds or duplicates, refused pages of annotated pods, failed compactions, and samples of remote write that failed. All should be 0.',
            unit: perSecond(''),
            width: 16,
            queries: [
              failureRate(metrics.prometheusOutOfOrder, 'out of order'),
              failureRate(metrics.prometheusOutOfBound, 'out of bounds'),
              failureRate(metrics.prometheusTooOld, 'too old'),
              failureRate(metrics.prometheusDuplicates, 'duplicates'),
              failureRate(metrics.prometheusSampleLimit, 'pages with too many samples'),
              failureRate(metrics.prometheusBodySizeLimit, 'pages too large'),
              failureRate(metrics.prometheusCompactionsFailed, 'compactions'),
              failureRate(metrics.remoteWriteRetried, 'remote write, retried'),
              failureRate(metrics.remoteWriteFailed, 'remote write, rejected'),
            ],
          }),
          timeseries({
            title: 'Exemplars',
            description: 'Exemplars stored per second, which link latencies to traces.',
            unit: perSecond('exemplars'),
            width: 8,
            queries: [promql(rate(metrics.prometheusExemplars, 'job="prometheus"'), 'exemplars')],
          }),
        ],
      },
      ...of('loki', {
        title: 'Loki',
        panels: [
          timeseries({
            title: 'Lines',
            description: 'Lines stored per second.',
            unit: perSecond('lines'),
            width: 8,
            queries: [promql(rate(metrics.lokiLines), 'lines')],
          }),
          timeseries({
            title: 'Streams',
            description:
              'Active streams. Hundreds for one service mean that a label has unbounded values.',
            decimals: 0,
            width: 8,
            queries: [promql(`sum(${metrics.lokiStreams})`, 'streams')],
          }),
          timeseries({
            title: 'Requests to Loki',
            description:
              'P95 by route. If queries take more than 2 s, use a shorter time range or a narrower stream selector.',
            unit: 's',
            width: 8,
            queries: [
              promql(
                nativeP95(metrics.lokiRequestSeconds, 'route=~"(loki_)?api_.+|otlp_.+"', 'route'),
                '{{route}}',
              ),
            ],
          }),
          timeseries({
            title: 'Lines discarded or failed',
            description:
              'Discarded lines, failed chunk flushes and panics per second. All should be 0.',
            unit: perSecond(''),
            width: 16,
            queries: [
              failureRate(metrics.lokiDiscarded, 'discarded'),
              failureRate(metrics.lokiFlushFailures, 'chunks'),
              failureRate(metrics.lokiPanics, 'panics'),
            ],
          }),
          timeseries({
            title: 'Compaction',
            description:
              'Runs of the compactor in the last hour. The first is about ten minutes after a start; without runs old logs are not deleted.',
            decimals: 0,
            width: 8,
            queries: [promql(`sum(increase(${metrics.lokiCompactions}[1h])) or vector(0)`, 'runs')],
          }),
        ],
      }),
      ...of('tempo', {
        title: 'Tempo',
        panels: [
          timeseries({
            title: 'Spans',
            description: 'Spans stored per second.',
            unit: perSecond('spans'),
            width: 8,
            queries: [promql(rate(metrics.tempoSpans), 'spans')],
          }),
          timeseries({
            title: 'Span metrics',
            description:
              'Series that Tempo generates from spans. A sudden increase means that span names are unbounded.',
            decimals: 0,
            width: 8,
            queries: [promql(`sum(${metrics.tempoGeneratorSeries})`, 'series')],
          }),
          timeseries({
            title: 'Requests to Tempo',
            description: 'P95 by route.',
            unit: 's',
            width: 8,
            queries: [
              promql(
                nativeP95(metrics.tempoRequestSeconds, 'route=~"api_.+"', 'route'),
                '{{route}}',
              ),
            ],
          }),
          timeseries({
            title: 'Spans discarded or failed',
            description:
              'Refused and discarded spans, failed block flushes and failed compactions per second. All should be 0.',
            unit: perSecond(''),
            width: 16,
            queries: [
              refusedByTempo,
              failureRate(metrics.tempoDiscarded, 'discarded'),
              failureRate(metrics.tempoGeneratorDiscarded, 'discarded by the metrics-generator'),
              failureRate(metrics.tempoGeneratorLimited, 'series above the limit'),
              failureRate(metrics.tempoFlushFailures, 'blocks'),
              failureRate(metrics.tempoCompactionErrors, 'compactions'),
            ],
          }),
          timeseries({
            title: 'Blocks',
            description: 'Blocks on disk. Compaction and retention keep their number low.',
            decimals: 0,
            width: 8,
            queries: [promql(`sum(${metrics.tempoBlocks}) or vector(0)`, 'blocks')],
          }),
        ],
      }),
      {
        title: 'Alerting',
        panels: [
          timeseries({
            title: 'Alerts',
            description: 'Alerts in Alertmanager by state. Watchdog is always one of them.',
            decimals: 0,
            width: 8,
            queries: [promql(`sum by (state) (${metrics.alertmanagerAlerts})`, '{{state}}')],
          }),
          timeseries({
            title: 'Failed rule evaluations',
            description:
              'Per second, should be 0. An alert whose rule cannot be evaluated does not fire.',
            unit: perSecond(''),
            width: 8,
            queries: [
              failureRate(metrics.prometheusRuleFailures, 'Prometheus'),
              ...of('loki', failureRate(metrics.lokiRuleFailures, 'Loki')),
            ],
          }),
          timeseries({
            title: 'Failed notifications',
            description:
              'Per second, should be 0. Check the addresses and keys of receivers, and whether Alertmanager is running.',
            unit: perSecond(''),
            width: 8,
            queries: [
              failureRate(metrics.alertmanagerNotificationsFailed, 'to receivers'),
              failureRate(metrics.prometheusNotificationErrors, 'from Prometheus'),
              failureRate(metrics.prometheusNotificationsDropped, 'dropped by Prometheus'),
              ...of('loki', failureRate(metrics.lokiNotificationErrors, 'from Loki')),
            ],
          }),
        ],
      },
      {
        title: 'Cardinality',
        panels: [
          timeseries({
            title: 'Span metrics by service',
            description:
              'Series that Tempo generates from the spans of each service. Thousands for one service mean that its span names or routes are unbounded.',
            decimals: 0,
            width: 12,
            empty: 'No app has sent spans',
            queries: [
              promql(
                `topk(10, count by (${serviceLabels('service').join(', ')}) (${spanMetrics.calls}) * ${seriesPerSpanMetric})`,
                serviceLegend('service'),
              ),
            ],
          }),
          timeseries({
            title: 'Pages of annotated pods',
            description:
              'Samples of the metrics page of each annotated pod. A page above prometheus.annotatedPods.sampleLimit is not stored.',
            decimals: 0,
            width: 12,
            empty: 'No pod is annotated with prometheus.io/scrape',
            queries: [
              promql(
                `topk(10, max by (${namespace}, ${pod}) (${metrics.scrapedSamples}{job="${annotatedPodsJob}"}))`,
                `{{${namespace}}}/{{${pod}}}`,
              ),
            ],
          }),
        ],
      },
    ],
  });
}
