import { Duration } from 'cdk8s';
import { sourceFile } from '../lib/model/source.ts';
import { annotatedPodsJob } from '../lib/model/topology.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { label } from '../lib/telemetry/metric.ts';
import { seriesPerSpanMetric, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { stackMetrics as metrics } from '../lib/telemetry/stack.ts';
import { maxActiveSeries } from '../lib/tempo/settings.ts';
import { renameLabel, unionByLabel } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { service as identity, serviceTitle } from './service.ts';

export const cardinalityRulesSource = sourceFile(import.meta.filename);

const serviceName = label(attributes.serviceName);
const namespace = label(attributes.k8sNamespaceName);
const pod = label(attributes.k8sPodName);
const { calls, service } = spanMetrics;
const culprit = `{{ if $labels.${service} }}${serviceTitle('service')}{{ else }}{{ $labels.${pod} }}{{ end }}`;
const annotated = `{job="${annotatedPodsJob}"}`;

/** Alerts that name the service or the pod with too many series. */
export function cardinalityRules(settings: Settings): RuleGroup[] {
  return [
    // Reads all series.
    { name: 'series', interval: Duration.minutes(2), rules: [tooManySeries(settings)] },
    ...(settings.prometheus.annotatedPods.enabled
      ? [{ name: 'annotated-pods', rules: annotatedPodAlerts(settings) }]
      : []),
  ];
}

/** The share of alerts.maxSeries that a service or pod may have. */
const shareOfSeries = 0.2;

/** The share of tempo.maxActiveSeries that a service may have. */
const shareOfSpanMetrics = 0.5;

function tooManySeries(settings: Settings): AlertRule {
  const limit = Math.floor(settings.alerts.maxSeries * shareOfSeries);
  const limitOfSpanMetrics = Math.floor(maxActiveSeries(settings) * shareOfSpanMetrics);
  const generated =
    settings.tempo.external === undefined
      ? `, and Tempo generates at most ${maxActiveSeries(settings)} from spans`
      : '';
  return {
    alert: 'TooManySeries',
    expr: unionByLabel('source', {
      'span metrics': `count by (${identity('service')}) (${calls}{${service}!=""}) * ${seriesPerSpanMetric} > ${limitOfSpanMetrics}`,
      // Pushed, and of annotated pods with the label app.kubernetes.io/name.
      metrics: `${renameLabel(`count by (${identity('service_name')}) ({${serviceName}!=""})`, serviceName, service)} > ${limit}`,
      // Counts series that have ended, too, which stay in memory for two or three hours.
      'scraped page': `sum_over_time(${metrics.scrapedSeriesAdded}${annotated}[1h]) > ${limit}`,
    }),
    severity: 'warning',
    component: 'app',
    summary: `${culprit} has too many series`,
    description: `${culprit} has {{ $value | humanize }} series ({{ $labels.source }}). Prometheus has memory for ${settings.alerts.maxSeries} of all services together${generated}. Look for a label with too many values.`,
    dashboard: 'stack',
    panel: 'Span metrics by service',
  };
}

/** Annotated pods belong to others, so their alerts are never critical. */
function annotatedPodAlerts({ alerts, prometheus }: Settings): AlertRule[] {
  const { sampleLimit, bodySizeLimit } = prometheus.annotatedPods;
  const of = `{{ $labels.${pod} }} in namespace {{ $labels.${namespace} }}`;
  const common = {
    for: alerts.stackPending,
    severity: 'warning',
    component: annotatedPodsJob,
    dashboard: 'stack',
    panel: 'Pages of annotated pods',
  } as const;
  const byPod = `by (${namespace}, ${pod})`;
  const refused = `${metrics.scrapedSamples}${annotated} > ${metrics.scrapeSampleLimit}${annotated} or ${metrics.scrapedBodyBytes}${annotated} < 0`;
  return [
    {
      ...common,
      alert: 'AnnotatedPodRefused',
      expr: `max ${byPod} (${refused})`,
      summary: `The metrics of pod {{ $labels.${pod} }} are refused`,
      description: `Nothing of the metrics page of ${of} is stored: it {{ if lt $value 0.0 }}is larger than ${bodySizeLimit.asString()} (prometheus.annotatedPods.bodySizeLimit){{ else }}has {{ $value }} samples, more than ${sampleLimit} (prometheus.annotatedPods.sampleLimit){{ end }}.`,
    },
    {
      ...common,
      alert: 'AnnotatedPodDown',
      // Without a port annotation every declared port is a target, and one that can be scraped is
      // enough.
      expr: `max ${byPod} (${metrics.up}${annotated}) == 0 unless on (${namespace}, ${pod}) (${refused})`,
      summary: `Pod {{ $labels.${pod} }} cannot be scraped`,
      description: `Prometheus has failed to scrape pod ${of} for ${formatDuration(alerts.stackPending)}. It is annotated with prometheus.io/scrape.`,
    },
  ];
}
