import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import { stackMetrics as metrics } from '../lib/telemetry/stack.ts';
import { dashboard } from './panels/dashboard.ts';
import { type PanelSpec, stat, timeseries } from './panels/panels.ts';
import { promql, promqlNow } from './panels/queries.ts';
import { rate } from './panels/red.ts';

/** The jobs of the stack's own components. */
export const components = [
  'prometheus',
  'loki',
  'tempo',
  'grafana',
  'alertmanager',
  'otel-collector',
];

const up = (job: string): PanelSpec =>
  stat({
    title: job,
    description: `1 while Prometheus reaches ${job}. At 0 see ./mantis status for the reason.`,
    width: 4,
    queries: [promqlNow(`min(${metrics.up}{job="${job}"})`)],
  });

/** Counters that ought to stand still: things that went wrong. */
const wrong = (metric: string, name: string) =>
  promql(`sum(rate(${metric}[$__rate_interval])) or vector(0)`, name);

const damage = (counters: readonly string[], name: string) =>
  promql(counters.map((metric) => `(sum(${metric}) or vector(0))`).join(' + '), name);

/** P95 of a native histogram, by which the newer components measure. */
const nativeP95 = (metric: string, selector: string, by: string) =>
  `histogram_quantile(0.95, sum by (${by}) (rate(${metric}{${selector}}[$__rate_interval])))`;

/** How the stack itself is doing, one row for each component. */
export const stack = dashboard({
  uid: dashboardUids.stack,
  title: 'Stack Health',
  description: 'Prometheus, Loki, Tempo, Grafana and Alertmanager: load, speed, errors, storage.',
  rows: [
    { title: 'Is it there?', panels: components.map(up) },
    {
      title: 'All of them',
      panels: [
        timeseries({
          title: 'Memory against its limit',
          description: 'Near 100 % the kernel kills the container: raise memoryLimit.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(
              `max by (container) (${metrics.containerMemory}{container=~"${components.join('|')}"} / (${metrics.containerMemoryLimit} > 0))`,
              '{{container}}',
            ),
          ],
        }),
        timeseries({
          title: 'CPU',
          description: 'Cores in use.',
          width: 12,
          queries: [
            promql(
              rate(metrics.containerCpu, `container=~"${components.join('|')}"`, 'container'),
              '{{container}}',
            ),
          ],
        }),
        timeseries({
          title: 'Volumes',
          description:
            'Share of each volume in use, where the storage driver tells, and of the file system below Loki’s log. Above 85 % shorten retention or enlarge the volume.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(
              `max by (persistentvolumeclaim) (${metrics.volumeUsed} / ${metrics.volumeCapacity})`,
              '{{persistentvolumeclaim}}',
            ),
            promql(`max(${metrics.lokiWalUse})`, 'file system below Loki'),
          ],
        }),
        timeseries({
          title: 'Stored',
          description:
            'Bytes on disk. What grows without an end has a retention that does not work.',
          unit: 'bytes',
          width: 12,
          queries: [
            promql(`sum(${metrics.prometheusBlocksBytes})`, 'Prometheus blocks'),
            promql(`sum(${metrics.prometheusWalBytes}{job="prometheus"})`, 'Prometheus log'),
            promql(`sum(${metrics.lokiWalBytes})`, 'Loki log'),
            promql(`sum(${metrics.tempoStoredBytes}) or vector(0)`, 'Tempo blocks'),
          ],
        }),
        timeseries({
          title: 'Configuration refused',
          description:
            '1 while a component goes on with its old configuration, because it could not read the new one: its log says why.',
          width: 12,
          queries: [
            promql(`1 - min(${metrics.prometheusConfigReloaded})`, 'Prometheus'),
            promql(`1 - min(${metrics.alertmanagerConfigReloaded})`, 'Alertmanager'),
            promql(`1 - min(${metrics.lokiRulesReloaded})`, 'rules of Loki'),
          ],
        }),
        timeseries({
          title: 'Damage found',
          description:
            'Damaged places that a store found in its write-ahead log when it started, 0 when well: what came behind them is gone. Look for a full or failing disk.',
          width: 12,
          queries: [
            damage(
              [metrics.prometheusWalCorruptions, metrics.prometheusChunkCorruptions],
              'Prometheus',
            ),
            damage([metrics.lokiWalCorruptions, metrics.lokiRulerWalCorruptions], 'Loki'),
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
          unit: 'cps',
          width: 8,
          queries: [promql(rate(metrics.prometheusSamples, 'job="prometheus"'), 'samples')],
        }),
        timeseries({
          title: 'Series',
          description:
            'Active series: what memory is needed for. A jump is a label without bounds.',
          width: 8,
          queries: [promql(`sum(${metrics.prometheusSeries}{job="prometheus"})`, 'series')],
        }),
        timeseries({
          title: 'Queries',
          description: 'P90 of evaluating a query. Above 1 s dashboards feel slow.',
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
            'Per second, all of it 0 when well: samples too old, out of order or doubled, and compactions that failed.',
          unit: 'cps',
          width: 16,
          queries: [
            wrong(metrics.prometheusOutOfOrder, 'out of order'),
            wrong(metrics.prometheusOutOfBound, 'out of bounds'),
            wrong(metrics.prometheusTooOld, 'too old'),
            wrong(metrics.prometheusDuplicates, 'doubled'),
            wrong(metrics.prometheusCompactionsFailed, 'compactions'),
          ],
        }),
        timeseries({
          title: 'Exemplars',
          description: 'Stored per second: the way from a latency to its trace.',
          unit: 'cps',
          width: 8,
          queries: [promql(rate(metrics.prometheusExemplars, 'job="prometheus"'), 'exemplars')],
        }),
      ],
    },
    {
      title: 'Loki',
      panels: [
        timeseries({
          title: 'Lines',
          description: 'Lines stored per second.',
          unit: 'cps',
          width: 8,
          queries: [promql(rate(metrics.lokiLines), 'lines')],
        }),
        timeseries({
          title: 'Streams',
          description: 'Active streams. Hundreds for one service mean that a label has no bounds.',
          width: 8,
          queries: [promql(`sum(${metrics.lokiStreams})`, 'streams')],
        }),
        timeseries({
          title: 'Requests',
          description: 'P95 by route. Queries above 2 s want a shorter time or a narrower stream.',
          unit: 's',
          width: 8,
          queries: [promql(nativeP95(metrics.lokiRequestSeconds, '', 'route'), '{{route}}')],
        }),
        timeseries({
          title: 'Lines discarded or failed',
          description:
            'Per second, all of it 0 when well: lines that were discarded, chunks that could not be stored, panics.',
          unit: 'cps',
          width: 16,
          queries: [
            wrong(metrics.lokiDiscarded, 'discarded'),
            wrong(metrics.lokiFlushFailures, 'chunks'),
            wrong(metrics.lokiPanics, 'panics'),
          ],
        }),
        timeseries({
          title: 'Compaction',
          description:
            'Runs of the compactor in the last hour: the first comes some ten minutes after a start; none for hours means that nothing is deleted.',
          width: 8,
          queries: [promql(`sum(increase(${metrics.lokiCompactions}[1h])) or vector(0)`, 'runs')],
        }),
      ],
    },
    {
      title: 'Tempo',
      panels: [
        timeseries({
          title: 'Spans',
          description: 'Spans stored per second.',
          unit: 'cps',
          width: 8,
          queries: [promql(rate(metrics.tempoSpans), 'spans')],
        }),
        timeseries({
          title: 'Span metrics',
          description: 'Series that Tempo makes of spans. A jump is a span name without bounds.',
          width: 8,
          queries: [promql(`sum(${metrics.tempoGeneratorSeries})`, 'series')],
        }),
        timeseries({
          title: 'Requests',
          description: 'P95 by route.',
          unit: 's',
          width: 8,
          queries: [promql(nativeP95(metrics.tempoRequestSeconds, '', 'route'), '{{route}}')],
        }),
        timeseries({
          title: 'Spans discarded or failed',
          description:
            'Per second, all of it 0 when well: spans refused or discarded, blocks that could not be stored, compactions.',
          unit: 'cps',
          width: 16,
          queries: [
            wrong(metrics.tempoRefused, 'refused'),
            wrong(metrics.tempoDiscarded, 'discarded'),
            wrong(metrics.tempoGeneratorDiscarded, 'not measured'),
            wrong(metrics.tempoFlushFailures, 'blocks'),
            wrong(metrics.tempoCompactionErrors, 'compactions'),
          ],
        }),
        timeseries({
          title: 'Blocks',
          description: 'Blocks on disk. Compaction and retention keep their number low.',
          width: 8,
          queries: [promql(`sum(${metrics.tempoBlocks}) or vector(0)`, 'blocks')],
        }),
      ],
    },
    {
      title: 'Alertmanager and Grafana',
      panels: [
        timeseries({
          title: 'Alerts',
          description: 'Alerts that Alertmanager knows. The Watchdog is always there.',
          width: 6,
          queries: [promql(`sum by (state) (${metrics.alertmanagerAlerts})`, '{{state}}')],
        }),
        timeseries({
          title: 'Rules that failed',
          description:
            'Per second, 0 when well. A rule that cannot be evaluated is an alert that cannot fire.',
          unit: 'cps',
          width: 6,
          queries: [
            wrong(metrics.prometheusRuleFailures, 'Prometheus'),
            wrong(metrics.lokiRuleFailures, 'Loki'),
          ],
        }),
        timeseries({
          title: 'Notifications that failed',
          description:
            'Per second, 0 when well. Somebody is not told: see the receiver’s address and key, and whether Alertmanager is there.',
          unit: 'cps',
          width: 6,
          queries: [
            wrong(metrics.alertmanagerNotificationsFailed, 'to receivers'),
            wrong(metrics.prometheusNotificationErrors, 'from Prometheus'),
            wrong(metrics.prometheusNotificationsDropped, 'dropped by Prometheus'),
            wrong(metrics.lokiNotificationErrors, 'from Loki'),
          ],
        }),
        stat({
          title: 'Dashboards',
          description: 'Dashboards that Grafana has: these six, and those of its users.',
          width: 6,
          queries: [promqlNow(`max(${metrics.grafanaDashboards})`)],
        }),
      ],
    },
  ],
});
