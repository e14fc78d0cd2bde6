import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';
import type { ReplaceableService, StoreAccess } from '../model/topology-settings.ts';
import { type DatasourceUid, dashboardUids, datasourceUids } from '../model/uids.ts';
import { attributes } from '../telemetry/app.ts';
import { identityAttributes } from '../telemetry/identity.ts';
import { logFields } from '../telemetry/logs.ts';
import { label } from '../telemetry/metric.ts';
import { pushInterval } from '../telemetry/push-interval.ts';
import { exemplarTraceLabel, spanMetrics } from '../telemetry/span-metrics.ts';
import { withAccess } from './external-access.ts';

export const datasourcesSource = sourceFile(import.meta.filename);

/** Prefix of the log lines of the span from which the link was opened. */
export const spanMark = '▶';

/**
 * A Grafana variable; `$` is doubled, because Grafana expands environment variables in provisioning
 * files.
 */
const macro = (name: string) => `$\${${name}}`;

/** The names of the data sources. */
export const datasourceNames = {
  prometheus: 'Prometheus',
  loki: 'Loki',
  tempo: 'Tempo',
  alertmanager: 'Alertmanager',
} as const satisfies Record<DatasourceUid, string>;

const tags = macro('__tags');
const [service, name, kind] = [
  { key: attributes.serviceName, value: spanMetrics.service },
  { key: 'name', value: spanMetrics.spanName },
  { key: 'kind', value: spanMetrics.spanKind },
];
const identity = identityAttributes.map((key) => ({ key, value: label(key) }));
/**
 * Log lines of the whole trace, with a prefix for those of the selected span: many spans have no
 * log lines of their own, so their links would find nothing.
 */
const logsOfTrace = [
  `{${tags}}`,
  `${logFields.traceId} = "${macro('__trace.traceId')}"`,
  `line_format \`{{ if eq .${logFields.spanId} "${macro('__span.spanId')}" }}${spanMark} {{ end }}{{ __line__ }}\``,
].join(' | ');
const rate = (metric: string, extra = '') => `sum(rate(${metric}{${tags}${extra}}[5m]))`;

export interface DatasourceOptions {
  /**
   * Whether the cluster dashboard is installed, to which log lines of pods then link. @default
   * false
   */
  readonly clusterDashboard?: boolean;
  /** The user's own, after those of Mantis. @default - none */
  readonly ownDatasources?: readonly ConfigObject[];
  /** How external stores are accessed. @default - there is none */
  readonly externalStores?: Partial<Record<ReplaceableService, StoreAccess>>;
}

/** Links a log line to its pod in the cluster dashboard. */
const podLink = {
  name: 'pod',
  matcherType: 'label',
  matcherRegex: label(attributes.k8sPodName),
  url: `/d/${dashboardUids.cluster}?var-pod=${macro('__value.raw')}`,
  urlDisplayLabel: 'Cluster: this pod',
};

/**
 * The four data sources with the links between them
 * (https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources).
 */
export function datasources(
  urls: Readonly<Record<DatasourceUid, string>>,
  { clusterDashboard = false, ownDatasources = [], externalStores = {} }: DatasourceOptions = {},
): ConfigObject {
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        ...common('prometheus', urls),
        isDefault: true,
        jsonData: {
          httpMethod: 'POST',
          // For metrics of apps, in users' own panels too. Panels of metrics that are scraped or
          // generated from spans set a shorter interval (dashboards/panels/queries.ts).
          timeInterval: `${pushInterval.toSeconds()}s`,
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
      withAccess('loki', externalStores.loki, {
        ...common('loki', urls),
        jsonData: {
          derivedFields: [
            {
              name: logFields.traceId,
              // The trace id is structured metadata, not part of the line, so a regex on the line
              // would not match.
              matcherType: 'label',
              matcherRegex: logFields.traceId,
              datasourceUid: datasourceUids.tempo,
              url: macro('__value.raw'),
              urlDisplayLabel: 'View trace',
            },
            ...(clusterDashboard ? [podLink] : []),
          ],
        },
      }),
      withAccess('tempo', externalStores.tempo, {
        ...common('tempo', urls),
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
            // Only those that the span has.
            tags: [service, ...identity, name, kind],
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
          // Results appear while Tempo still searches. Without it, a search fails in Grafana 12.4 if the
          // spans of a trace have different attributes (pkg/tsdb/tempo/search.go appends "" to a field of
          // pointers). A stream from a Tempo that is away is empty, which the texts of panels say.
          // Of an external one they are not: gRPC passes few proxies of HTTP.
          streamingEnabled: { search: externalStores.tempo === undefined, metrics: false },
          traceQuery: {
            timeShiftEnabled: true,
            spanStartTimeShift: '-30m',
            spanEndTimeShift: '30m',
          },
          spanBar: { type: 'Tag', tag: attributes.httpRoute },
        },
      }),
      {
        ...common('alertmanager', urls),
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
      ...ownDatasources,
    ],
  };
}

function common(uid: DatasourceUid, urls: Readonly<Record<DatasourceUid, string>>) {
  return {
    name: datasourceNames[uid],
    uid,
    type: uid,
    access: 'proxy',
    url: urls[uid],
    editable: false,
  };
}
