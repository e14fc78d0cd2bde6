import type { ConfigObject } from '../model/config-file.ts';
import { dashboardUids } from '../model/dashboard-uids.ts';
import { type DatasourceUid, datasourceUids } from '../model/datasource-uids.ts';
import { attributes } from '../telemetry/app.ts';
import { logFields } from '../telemetry/logs.ts';
import { label } from '../telemetry/metric.ts';
import { exemplarTraceLabel, spanMetrics } from '../telemetry/span-metrics.ts';
import { scrapeInterval } from '../telemetry/stack.ts';

/** Stands before the log lines of the span that a person comes from. */
export const spanMark = '▶';

/** Grafana expands `$` in provisioning files as an environment variable unless it is doubled. */
const macro = (name: string) => `$\${${name}}`;

const tags = macro('__tags');
const [service, name, kind] = [
  { key: attributes.serviceName, value: spanMetrics.service },
  { key: 'name', value: spanMetrics.spanName },
  { key: 'kind', value: spanMetrics.spanKind },
];
/**
 * Log lines of the whole trace, with a mark before those of the span that was clicked: many spans
 * log nothing themselves, and a link that finds nothing is no help.
 */
const logsOfTrace = [
  `{${tags}}`,
  `${logFields.traceId} = "${macro('__trace.traceId')}"`,
  `line_format \`{{ if eq .${logFields.spanId} "${macro('__span.spanId')}" }}${spanMark} {{ end }}{{ __line__ }}\``,
].join(' | ');
const rate = (metric: string, extra = '') => `sum(rate(${metric}{${tags}${extra}}[5m]))`;

export interface DatasourceOptions {
  /** Whether there is a dashboard about pods to lead to. @default false */
  readonly pods?: boolean;
}

/** From a line to all that is known of its pod. */
const podLink = {
  name: 'pod',
  matcherType: 'label',
  matcherRegex: label(attributes.k8sPodName),
  url: `/d/${dashboardUids.cluster}?var-pod=${macro('__value.raw')}`,
  urlDisplayLabel: 'Cluster: this pod',
};

/**
 * The four datasources with every link between them
 * (https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources).
 */
export function datasources(
  urls: Readonly<Record<DatasourceUid, string>>,
  { pods = false }: DatasourceOptions = {},
): ConfigObject {
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        ...common('prometheus', 'Prometheus', urls),
        isDefault: true,
        jsonData: {
          httpMethod: 'POST',
          timeInterval: scrapeInterval,
          prometheusType: 'Prometheus',
          exemplarTraceIdDestinations: [
            {
              name: exemplarTraceLabel,
              datasourceUid: datasourceUids.tempo,
              urlDisplayLabel: 'View trace',
            },
          ],
        },
      },
      {
        ...common('loki', 'Loki', urls),
        jsonData: {
          derivedFields: [
            {
              name: logFields.traceId,
              // OTLP puts it beside the line, not into it: a regex on the line would find nothing.
              matcherType: 'label',
              matcherRegex: logFields.traceId,
              datasourceUid: datasourceUids.tempo,
              url: macro('__value.raw'),
              urlDisplayLabel: 'View trace',
            },
            ...(pods ? [podLink] : []),
          ],
        },
      },
      {
        ...common('tempo', 'Tempo', urls),
        jsonData: {
          tracesToLogsV2: {
            datasourceUid: datasourceUids.loki,
            spanStartTimeShift: '-5m',
            spanEndTimeShift: '5m',
            tags: [{ key: attributes.serviceName, value: label(attributes.serviceName) }],
            filterByTraceID: false,
            filterBySpanID: false,
            customQuery: true,
            query: logsOfTrace,
          },
          tracesToMetrics: {
            datasourceUid: datasourceUids.prometheus,
            spanStartTimeShift: '-15m',
            spanEndTimeShift: '15m',
            tags: [service, name, kind],
            queries: [
              { name: 'Request rate', query: rate(spanMetrics.calls) },
              {
                name: 'Error rate',
                query: rate(spanMetrics.calls, `,${spanMetrics.statusCode}="${spanMetrics.error}"`),
              },
              {
                name: 'P95 latency',
                query: `histogram_quantile(0.95, sum by (le) (rate(${spanMetrics.latencyBucket}{${tags}}[5m])))`,
              },
            ],
          },
          serviceMap: { datasourceUid: datasourceUids.prometheus },
          nodeGraph: { enabled: true },
          lokiSearch: { datasourceUid: datasourceUids.loki },
          traceQuery: {
            timeShiftEnabled: true,
            spanStartTimeShift: '-30m',
            spanEndTimeShift: '30m',
          },
          spanBar: { type: 'Tag', tag: attributes.httpRoute },
        },
      },
      {
        ...common('alertmanager', 'Alertmanager', urls),
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
    ],
  };
}

function common(uid: DatasourceUid, title: string, urls: Readonly<Record<DatasourceUid, string>>) {
  return { name: title, uid, type: uid, access: 'proxy', url: urls[uid], editable: false };
}
