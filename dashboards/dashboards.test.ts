import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as traceqlParser } from '@grafana/lezer-traceql';
import { parser as promqlParser } from '@prometheus-io/lezer-promql';
import { syntaxErrors } from '../lib/model/query-syntax.ts';
import { datasourceUids } from '../lib/model/uids.ts';
import {
  appMetrics,
  attributes,
  httpMetrics,
  nodeMetrics,
  shopAttributes,
} from '../lib/telemetry/app.ts';
import { identityLabels } from '../lib/telemetry/identity.ts';
import { logFields } from '../lib/telemetry/logs.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import {
  edgeLabels,
  recordedLabels,
  serviceGraph,
  spanMetrics,
} from '../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { knownMetrics } from '../testing/metrics.ts';
import { exampleConditions, exampleQueries } from './examples.ts';
import { allDashboards } from './index.ts';
import {
  interpolate,
  panelsOf,
  queriesOf,
  rateInterval,
  variablesIn,
} from './panels/panel-queries.ts';
import { promqlNames } from './panels/promql-names.ts';
import { identityVariables } from './panels/variables.ts';

const all = allDashboards;
const panels = all.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ where: `${dashboard.title} / ${panel.title}`, panel })),
);
const queries = all
  .flatMap(queriesOf)
  .filter(({ text }) => text !== '')
  .map((query) => ({ where: `${query.dashboard} / ${query.panel} / ${query.refId}`, ...query }));

const parsers = { prometheus: promqlParser, loki: logqlParser, tempo: traceqlParser };

/** Where a text is not of its language. */
const mistakes = (language: keyof typeof parsers, text: string) =>
  syntaxErrors(parsers[language], interpolate(text));

test.each(queries)('$where parses as $datasource', ({ datasource, text }) => {
  expect(mistakes(datasource as keyof typeof parsers, text)).toEqual([]);
});

test.each([
  ['prometheus', 'sum by (job (rate(x[5m]))'],
  ['loki', '{service_name="x" | trace_id="1"'],
  ['tempo', '{ duration > }'],
] as const)('a malformed query is reported: %s %s', (language, text) => {
  expect(mistakes(language, text)).not.toEqual([]);
});

const uids = { PromQL: 'prometheus', LogQL: 'loki', TraceQL: 'tempo' } as const;

test.each([...exampleQueries, ...exampleConditions])(
  'the example "$task" parses as $language',
  ({ language, query }) => {
    expect(mistakes(uids[language], query)).toEqual([]);
  },
);

const knownLabels = new Set<string>([
  ...Object.values(attributes).map(label),
  ...Object.values(shopAttributes).map(label),
  ...Object.values(recordedLabels),
  ...Object.values(logFields),
  ...Object.values(spanMetrics),
  ...Object.values(serviceGraph),
  ...Object.values(edgeLabels).flat(),
  // Of Prometheus, Kubernetes, the collector and the stores.
  ...['job', 'instance', 'le', 'quantile', 'slice', 'container', 'persistentvolumeclaim'],
  ...[
    'receiver',
    'exporter',
    'processor',
    'otel_signal',
    'pod_identifier',
    'route',
    'state',
    'status',
  ],
  ...['filter', 'error'],
  ...['alertstate', 'severity'],
  // Of kube-state-metrics and of nodes.
  ...['namespace', 'pod', 'node', 'phase', 'condition', 'resource', 'direction'],
  ...['deployment', 'statefulset', 'daemonset', 'job_name', 'horizontalpodautoscaler'],
  ...['resourcequota', 'type', 'reason'],
]);

test.each(queries.filter(({ datasource }) => datasource === 'prometheus'))(
  '$where names only metrics and labels that are declared',
  ({ text }) => {
    const { metrics, labels } = promqlNames(interpolate(text));
    expect(metrics.filter((name) => !knownMetrics.has(name))).toEqual([]);
    expect(labels.filter((name) => !knownLabels.has(name))).toEqual([]);
  },
);

test('an undeclared metric or label is reported', () => {
  expect(promqlNames('sum by (colour) (rate(made_up{shape="round"}[1m]))')).toEqual({
    metrics: ['made_up'],
    labels: ['colour', 'shape'],
  });
});

test.each(['Event loop delay', 'Heap', 'Garbage collection', 'Memory'])(
  '%s is per replica, because a sum over replicas would look like a leak',
  (title) => {
    const texts = queries.filter(({ where }) =>
      where.startsWith(`Application Metrics / ${title} /`),
    );
    expect(texts.map(({ text }) => text)).toEqual([expect.stringMatching(/^max by /)]);
  },
);

test('services of one name are apart in every panel and rule that is grouped by service', () => {
  const grouped = queries.flatMap(({ where, text }) =>
    [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by = '']) => {
      const labels = by.split(/,\s*/);
      return labels.some((name) => name === 'service' || name === 'service_name')
        ? [{ where, missing: identityLabels.filter((name) => !labels.includes(name)) }]
        : [];
    }),
  );
  expect(grouped.length).toBeGreaterThan(15);
  expect(grouped.filter(({ missing }) => missing.length > 0)).toEqual([]);
});

test('the variables that select among services of one name have labels of their identity', () => {
  expect(identityLabels).toEqual(expect.arrayContaining(Object.values(identityVariables)));
});

/** Queries of metrics that SDKs push at their own interval. */
const sdkMetrics = [appMetrics, httpMetrics, nodeMetrics].flatMap((metrics) =>
  Object.values(metrics).map(prometheusName),
);

test('rates of pushed metrics have a range of at least four push intervals', () => {
  const rates = queries.filter(
    ({ text }) => sdkMetrics.some((name) => text.includes(name)) && text.includes('rate('),
  );
  expect(rates.length).toBeGreaterThan(10);
  for (const { where, text, interval } of rates) {
    const ranges = [...text.matchAll(/\[([^\]]+)\]/g)].map(([, range = '']) =>
      interpolate(range, { __rate_interval: rateInterval({ interval }, interval) }),
    );
    const seconds = ranges.map(
      (range) => Number.parseInt(range, 10) * (range.endsWith('m') ? 60 : 1),
    );
    expect({ where, long: seconds.every((each) => each >= 240) }).toEqual({ where, long: true });
  }
});

test('panels of span metrics and of the stack keep a range of a minute', () => {
  const fine = queries.filter(({ text }) => text.includes(spanMetrics.calls));
  expect(fine.length).toBeGreaterThan(5);
  expect(new Set(fine.map((query) => rateInterval(query, query.interval)))).toEqual(
    new Set(['60s']),
  );
});

const graphs = ['timeseries', 'heatmap', 'stat', 'bargauge'];

/** Panels without queries. */
const withoutQueries = ['text', 'dashlist'];
const queryPanels = panels.filter(({ panel }) => !withoutQueries.includes(panel.type));

test.each(queryPanels)('$where has a description', ({ panel }) => {
  expect(panel.description).toMatch(/\.$/);
  expect(panel.targets.length).toBeGreaterThan(0);
});

test.each(panels)('$where queries only existing datasources', ({ panel }) => {
  for (const { datasource } of panel.targets) {
    expect(Object.keys(datasourceUids)).toContain(datasource.uid);
  }
});

test('every panel type is covered by these tests', () => {
  const types = new Set(panels.map(({ panel }) => panel.type));
  expect([...types].sort()).toEqual(
    [...graphs, ...withoutQueries, 'logs', 'nodeGraph', 'table'].sort(),
  );
});

/** Metrics whose rate a panel shows. */
const rated = queries.flatMap(({ where, text }) =>
  [...interpolate(text).matchAll(/\b(?:rate|increase)\((\w+)/g)].map(([, metric = '']) => ({
    where,
    metric,
  })),
);
/** Prometheus cannot know them for counters by their name. */
const nativeHistograms = new Set<string>([
  stackMetrics.lokiRequestSeconds,
  stackMetrics.tempoRequestSeconds,
]);

test('rates are of metrics that Prometheus knows for counters; otherwise panels have a notice', () => {
  expect(rated.length).toBeGreaterThan(30);
  const unknown = rated.filter(({ metric }) => !/_(total|sum|count|bucket)$/.test(metric));
  expect(unknown.filter(({ metric }) => !nativeHistograms.has(metric))).toEqual([]);
});

/** Grafana's own variables, and the groups of label_replace, need no definition. */
const builtIn = /^(__|\d+$)/;

test.each(all)('$title uses only variables that it declares', (dashboard) => {
  const defined = (dashboard.templating?.list ?? []).map(({ name }) => name);
  const texts = [
    ...queriesOf(dashboard).map(({ text }) => text),
    ...(dashboard.templating?.list ?? []).map((variable) => JSON.stringify(variable.query ?? '')),
    ...(dashboard.annotations?.list ?? []).map(({ expr }) => expr ?? ''),
  ];
  const used = texts.flatMap(variablesIn).filter((name) => !builtIn.test(name));
  expect(used.filter((name) => !defined.includes(name))).toEqual([]);
});

test.each(all)('$title: panels have their own ids, and fill the grid without overlap', (board) => {
  const placed = board.panels as unknown as {
    id: number;
    gridPos: { x: number; y: number; w: number; h: number };
  }[];
  expect(new Set(placed.map(({ id }) => id)).size).toBe(placed.length);
  const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) => {
    expect(x + w).toBeLessThanOrEqual(24);
    return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
  });
  expect(new Set(cells).size).toBe(cells.length);
  const height = Math.max(...placed.map(({ gridPos: { y, h } }) => y + h));
  // No holes either.
  expect(cells.length).toBe(24 * height);
});

test.each(all)('$title fits into its ConfigMap', (dashboard) => {
  expect(JSON.stringify(dashboard).length).toBeLessThan(256 * 1024);
});

const links = panels.flatMap(({ where, panel }) =>
  (panel.fieldConfig.defaults.links ?? []).map(({ url }) => ({ where, url, panel })),
);

test('metric panels link to logs and traces', () => {
  expect(links.length).toBeGreaterThan(8);
});

test.each(links)('$where links to an existing dashboard and sets only its variables', (link) => {
  const [, uid, query] = /^\/d\/([^?]+)\?(.+)$/.exec(link.url) ?? [];
  const target = all.find((each) => each.uid === uid);
  expect(target).toBeDefined();
  const defined = (target?.templating?.list ?? []).map(({ name }) => name);
  for (const [, set, kept] of (query ?? '').matchAll(/var-(\w+)=|\$\{(\w+):queryparam\}/g)) {
    expect(defined).toContain(set ?? kept);
  }
  expect(query).toContain(`\${__url_time_range}`);
  // The label that a link takes its value from is one that the series of the panel have.
  for (const [, label = ''] of (query ?? '').matchAll(/__field\.labels\.(\w+)/g)) {
    const grouped = link.panel.targets.every(({ expr = '' }) => expr.includes(label));
    expect({ label, grouped }).toEqual({ label, grouped: true });
  }
});

test.each(all)('the panels of $title have titles of their own', (dashboard) => {
  const titles = panelsOf(dashboard).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('dashboards have fixed, unique uids and the tag that links them', () => {
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  for (const { uid, tags, schemaVersion, id } of all) {
    expect(uid).toMatch(/^mantis-[a-z]+$/);
    expect({ tags, id }).toEqual({ tags: ['mantis'], id: null });
    expect(schemaVersion).toBeLessThanOrEqual(42);
  }
});
