import { parser as logql } from '@grafana/lezer-logql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { interpolate } from '../dashboards/panels/panel-queries.ts';
import { promqlNames } from '../dashboards/panels/promql-names.ts';
import { syntaxErrors } from '../lib/model/query-syntax.ts';
import { identityLabels } from '../lib/telemetry/identity.ts';
import { settingsOf, withEverything } from '../test/synthesized.ts';
import {
  inhibitRules,
  logAlerts,
  lokiRuleFiles,
  metricAlerts,
  prometheusRuleFiles,
} from './index.ts';
import { findPanel, panelPath } from './panel.ts';

const settings = settingsOf(withEverything);
const alerts = [
  ...metricAlerts(settings).map((alert) => ({ ...alert, language: 'PromQL', parser: promql })),
  ...logAlerts(settings).map((alert) => ({ ...alert, language: 'LogQL', parser: logql })),
];
const prometheusFiles = prometheusRuleFiles(settings).files;
const lokiFiles = lokiRuleFiles(settings).files;

test.each(alerts)('$alert is valid $language', ({ parser, expr }) => {
  expect(syntaxErrors(parser, expr)).toEqual([]);
});

test('an invalid query is reported', () => {
  expect(syntaxErrors(promql, 'sum by (job (up))')).not.toEqual([]);
  expect(syntaxErrors(logql, 'sum by (job) (count_over_time({a="b"} [5m))')).not.toEqual([]);
});

test('no two alerts share a name', () => {
  const names = alerts.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
});

test.each(alerts)('$alert is in a rule file of its evaluator', ({ alert, language }) => {
  const files = language === 'PromQL' ? prometheusFiles : lokiFiles;
  expect(Object.values(files).join()).toContain(`alert: ${alert}\n`);
});

const recordedAs = new Map(
  Object.values(prometheusFiles)
    .flatMap((text): { rules: { record?: string; expr: string }[] }[] => parse(text).groups)
    .flatMap(({ rules }) => rules.map(({ record, expr }) => [record, expr] as const)),
);

/** The metrics of a query, with recorded metrics replaced by their sources. */
function sources(query: string): string[] {
  return promqlNames(interpolate(query)).metrics.flatMap((metric) => {
    const recorded = recordedAs.get(metric);
    return recorded === undefined ? [metric] : sources(recorded);
  });
}

/** Alerts without a metric that a panel could show, or whose panel shows the cause. */
const shownOtherwise = ['Watchdog', 'TestAlert', 'BackupMissing', 'ContainerOutOfMemory'];

test.each(alerts.filter(({ alert }) => !shownOtherwise.includes(alert)))(
  'the panel that $alert links to queries its metrics',
  ({ expr, language, dashboard, panel }) => {
    for (const title of typeof panel === 'string' ? [panel] : Object.values(panel)) {
      const queries = findPanel(dashboard, title).targets.map(({ expr }) => expr ?? '');
      if (language === 'PromQL') {
        const wanted = sources(expr);
        expect(queries.flatMap(sources).filter((metric) => wanted.includes(metric))).not.toEqual(
          [],
        );
      } else {
        // Alerts on error lines filter by level.
        const failing = expr.includes('detected_level');
        expect(queries.some((query) => query.includes('detected_level') === failing)).toBe(true);
      }
    }
  },
);

test('a missing panel is refused', () => {
  expect(() => panelPath('stack', 'Weather')).toThrow('dashboard stack has no panel "Weather"');
});

test('a panel can be selected by the label job', () => {
  const path = panelPath('stack', { prometheus: 'Series', loki: 'Streams' });
  const [series, streams] = ['Series', 'Streams'].map((title) => findPanel('stack', title).id);
  expect(path).toBe(
    `/d/mantis-stack?{{ if eq $labels.job "prometheus" }}viewPanel=panel-${series}{{ else if eq $labels.job "loki" }}viewPanel=panel-${streams}{{ end }}`,
  );
});

test('without the test app there are no alerts on it', () => {
  const names = (enabled: boolean) =>
    metricAlerts(settingsOf({ testApp: { enabled } })).map(({ alert }) => alert);
  expect(names(true)).toContain('PaymentsFailing');
  expect(names(false)).not.toContain('PaymentsFailing');
});

test('every alert in the inhibition rules exists', () => {
  const matchers = inhibitRules.flatMap((rule) => [
    ...rule.source_matchers,
    ...rule.target_matchers,
  ]);
  const named = matchers.flatMap((matcher) => {
    const [, names] = /^alertname=~?"(.+)"$/.exec(matcher) ?? [];
    return names?.split('|') ?? [];
  });
  expect(named.length).toBeGreaterThan(4);
  for (const name of named) expect(alerts.map(({ alert }) => alert)).toContain(name);
});

test('burn rate windows are scaled to the SLO window', () => {
  const windows = (window: string) => {
    const { files } = prometheusRuleFiles(
      settingsOf({ alerts: { slo: { window } }, prometheus: { retention: '30d' } }),
    );
    const text = files['slo.yaml'] ?? '';
    return new Set([...text.matchAll(/window="(\w+)"/g)].map(([, each]) => each));
  };
  // The windows of the SRE workbook, which are for 30 days.
  expect([...windows('30d')].sort()).toEqual(['1d', '1h', '2h', '30m', '3d', '5m', '6h']);
  expect([...windows('15d')].sort()).toEqual(['12h', '150s', '15m', '1h', '30m', '36h', '3h']);
  // At least a minute.
  expect([...windows('24h')].sort()).toEqual(['12m', '144m', '1m', '2m', '48m', '4m']);
});

test('no series is recorded twice', () => {
  const groups = Object.values(prometheusFiles).flatMap((text) => parse(text).groups);
  const recorded = groups.flatMap(({ rules }) => rules.filter((rule: object) => 'record' in rule));
  const names = recorded.map(({ record, labels }) => JSON.stringify([record, labels]));
  expect(names.length).toBeGreaterThan(10);
  expect(new Set(names).size).toBe(names.length);
});

const recordings = Object.values(prometheusFiles)
  .flatMap((text): { rules: { record?: string; expr: string }[] }[] => parse(text).groups)
  .flatMap(({ rules }) => rules.flatMap(({ record, expr }) => (record ? [[record, expr]] : [])));

test.each([...recordings, ...alerts.map(({ alert, expr }) => [alert, expr])])(
  '%s groups and matches services by everything that identifies them',
  (_, expr = '') => {
    const lists = [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].map(([, list = '']) =>
      list.split(/,\s*/),
    );
    // Only the alert on the collector's own report names a service.
    const ofServices = lists.filter(
      (list) =>
        !expr.includes('="otel-collector"') &&
        list.some((name) => name === 'service' || name === 'service_name'),
    );
    for (const list of ofServices)
      expect(list).toEqual(expect.arrayContaining([...identityLabels]));
  },
);

test('the alerts on services name what identifies them', () => {
  const ofServices = alerts.filter(({ serviceLabel }) => serviceLabel !== undefined);
  expect(ofServices.length).toBeGreaterThan(7);
  for (const { summary, description } of ofServices) {
    for (const name of identityLabels) {
      expect(`${summary}${description}`).toContain(`{{ with $labels.${name} }}`);
    }
  }
});

test('a critical alert inhibits warnings of the same service only', () => {
  const rule = inhibitRules.find(({ source_matchers: [first] }) => first === 'severity="critical"');
  expect(rule?.equal).toEqual(['service', ...identityLabels]);
});

test('the rate of pushed metrics in an alert has a range of four push intervals', () => {
  const rule = (window: string) =>
    metricAlerts(settingsOf({ alerts: { window } })).find(
      ({ alert }) => alert === 'PaymentsFailing',
    );
  expect(rule('1m')?.expr).toContain('[4m]');
  expect(rule('10m')?.expr).toContain('[10m]');
});
