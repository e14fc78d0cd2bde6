import { dashboardUids, datasourceUids } from '../model/uids.ts';
import { logFields } from '../telemetry/logs.ts';
import { label } from '../telemetry/metric.ts';
import { spanMetrics } from '../telemetry/span-metrics.ts';
import { datasources } from './datasources.ts';

const urls = {
  prometheus: 'http://prometheus:9090',
  loki: 'http://loki:3100',
  tempo: 'http://tempo:3200',
  alertmanager: 'http://alertmanager:9093',
};

interface Datasource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly isDefault?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each type has its own keys
  readonly jsonData: any;
}

const file = datasources(urls) as unknown as { readonly datasources: readonly Datasource[] };
const text = JSON.stringify(file);

function datasource(uid: string): Datasource {
  const found = file.datasources.find((each) => each.uid === uid);
  if (found === undefined) throw new Error(`no datasource ${uid}`);
  return found;
}

test.each(Object.entries(urls))('%s has its URL', (uid, url) => {
  expect(datasource(uid)).toMatchObject({ type: uid, url, access: 'proxy', editable: false });
});

test('one datasource is the default', () => {
  expect(file.datasources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual([
    'prometheus',
  ]);
});

test('every link refers to an existing data source', () => {
  const targets = [...text.matchAll(/"datasourceUid":"([^"]+)"/g)].map(([, uid]) => uid);
  expect(targets.length).toBeGreaterThanOrEqual(5);
  for (const uid of targets) expect(Object.keys(datasourceUids)).toContain(uid);
});

test('exemplars link to their trace', () => {
  expect(datasource('prometheus').jsonData.exemplarTraceIdDestinations).toEqual([
    expect.objectContaining({ name: 'trace_id', datasourceUid: 'tempo' }),
  ]);
});

test('log lines link to their pod if the cluster dashboard is installed', () => {
  expect(text).not.toContain(dashboardUids.cluster);
  const withPods = datasources(urls, { clusterDashboard: true }) as unknown as typeof file;
  const loki = withPods.datasources.find(({ uid }) => uid === 'loki');
  expect(loki?.jsonData.derivedFields).toContainEqual(
    expect.objectContaining({
      matcherType: 'label',
      matcherRegex: 'k8s_pod_name',
      url: '/d/mantis-cluster?var-pod=$${__value.raw}',
    }),
  );
});

test('log lines link to their trace by structured metadata', () => {
  expect(datasource('loki').jsonData.derivedFields).toEqual([
    expect.objectContaining({
      matcherType: 'label',
      matcherRegex: logFields.traceId,
      datasourceUid: 'tempo',
      url: '$${__value.raw}',
    }),
  ]);
});

test('a span links to the log lines of its trace, with a prefix for its own', () => {
  const { tracesToLogsV2 } = datasource('tempo').jsonData;
  expect(tracesToLogsV2).toMatchObject({
    datasourceUid: 'loki',
    customQuery: true,
    tags: [{ key: 'service.name', value: label('service.name') }],
    query:
      '{$${__tags}} | trace_id = "$${__trace.traceId}" | line_format `{{ if eq .span_id "$${__span.spanId}" }}▶ {{ end }}{{ __line__ }}`',
  });
});

test('a span links to its span metrics', () => {
  const { tracesToMetrics } = datasource('tempo').jsonData;
  expect(tracesToMetrics.datasourceUid).toBe('prometheus');
  const queries = tracesToMetrics.queries.map(({ query }: { query: string }) => query);
  for (const metric of [spanMetrics.calls, spanMetrics.latencyBucket]) {
    expect(queries.join()).toContain(`${metric}{$\${__tags}`);
  }
});

test.each([
  ['tracesToLogsV2', 'loki'],
  ['tracesToMetrics', 'prometheus'],
  ['serviceMap', 'prometheus'],
])('%s of Tempo uses %s', (key, uid) => {
  expect(datasource('tempo').jsonData[key].datasourceUid).toBe(uid);
});

test('the node graph and time shifts of trace look-ups are on', () => {
  const { nodeGraph, traceQuery, spanBar } = datasource('tempo').jsonData;
  expect(nodeGraph.enabled).toBe(true);
  expect(traceQuery.timeShiftEnabled).toBe(true);
  expect(spanBar.type).toBe('Tag');
});

test('every $ is doubled, because Grafana expands variables in this file', () => {
  expect(text).toContain('$$');
  expect(text.replaceAll('$$', '')).not.toContain('$');
});

test('Alertmanager is used as an external Alertmanager', () => {
  expect(datasource('alertmanager').jsonData).toEqual({
    implementation: 'prometheus',
    handleGrafanaManagedAlerts: false,
  });
});
