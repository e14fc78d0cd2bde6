import { parser as logql } from '@grafana/lezer-logql';
import type { Parser } from '@lezer/common';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { interpolate } from '../dashboards/panels/panel-queries.ts';
import { namesIn } from '../dashboards/panels/promql-names.ts';
import { settingsOf } from '../test/synthesized.ts';
import {
  inhibitRules,
  logAlerts,
  lokiRuleFiles,
  metricAlerts,
  prometheusRuleFiles,
} from './index.ts';
import { panelOf, panelPath } from './panel.ts';

const settings = settingsOf({ clusterView: { enabled: true } });
const alerts = [
  ...metricAlerts(settings).map((alert) => ({ ...alert, language: 'PromQL', parser: promql })),
  ...logAlerts(settings).map((alert) => ({ ...alert, language: 'LogQL', parser: logql })),
];
const prometheusFiles = prometheusRuleFiles(settings);
const lokiFiles = lokiRuleFiles(settings);

function mistakes(parser: Parser, text: string): string[] {
  const found: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) found.push(`${text.slice(0, from)} ◀`);
    },
  });
  return found;
}

test.each(alerts)('$alert asks in valid $language', ({ parser, expr }) => {
  expect(mistakes(parser, expr)).toEqual([]);
});

test('a mistake in a query is found', () => {
  expect(mistakes(promql, 'sum by (job (up))')).not.toEqual([]);
  expect(mistakes(logql, 'sum by (job) (count_over_time({a="b"} [5m))')).not.toEqual([]);
});

test('no two alerts share a name', () => {
  const names = alerts.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
});

test.each(alerts)('$alert is loaded by the one who evaluates it', ({ alert, language }) => {
  const files = language === 'PromQL' ? prometheusFiles : lokiFiles;
  expect(Object.values(files).join()).toContain(`alert: ${alert}\n`);
});

const recordedAs = new Map(
  Object.values(prometheusFiles)
    .flatMap((text): { rules: { record?: string; expr: string }[] }[] => parse(text).groups)
    .flatMap(({ rules }) => rules.map(({ record, expr }) => [record, expr] as const)),
);

/** The metrics behind a query, seen through what is recorded. */
function sources(query: string): string[] {
  return namesIn(interpolate(query)).metrics.flatMap((metric) => {
    const recorded = recordedAs.get(metric);
    return recorded === undefined ? [metric] : sources(recorded);
  });
}

/** These are about no metric that a panel could ask for: what they do is be there. */
const shownAsAlerts = ['Watchdog', 'TestAlert'];

test.each(alerts.filter(({ alert }) => !shownAsAlerts.includes(alert)))(
  'the panel that $alert leads to shows what it is about',
  ({ expr, language, dashboard, panel }) => {
    for (const title of typeof panel === 'string' ? [panel] : Object.values(panel)) {
      const asked = panelOf(dashboard, title).targets.map(({ expr }) => expr ?? '');
      if (language === 'PromQL') {
        const wanted = sources(expr);
        expect(asked.flatMap(sources).filter((metric) => wanted.includes(metric))).not.toEqual([]);
      } else {
        // Both speak of log lines; the failing ones have a level.
        const failing = expr.includes('detected_level');
        expect(asked.some((query) => query.includes('detected_level') === failing)).toBe(true);
      }
    }
  },
);

test('a panel that a dashboard does not have, or has twice, is refused', () => {
  expect(() => panelPath('stack', 'Weather')).toThrow('dashboard stack has no panel "Weather"');
  expect(() => panelPath('stack', 'Requests')).toThrow('dashboard stack has two panels "Requests"');
});

test('a panel may be chosen by the job that the alert is about', () => {
  const path = panelPath('stack', { prometheus: 'Series', loki: 'Streams' });
  const [series, streams] = ['Series', 'Streams'].map((title) => panelOf('stack', title).id);
  expect(path).toBe(
    `/d/mantis-stack?{{ if eq $labels.job "prometheus" }}viewPanel=panel-${series}{{ else if eq $labels.job "loki" }}viewPanel=panel-${streams}{{ end }}`,
  );
});

test('the shop has no alerts where it is not deployed', () => {
  const names = (enabled: boolean) =>
    metricAlerts(settingsOf({ testApp: { enabled } })).map(({ alert }) => alert);
  expect(names(true)).toContain('PaymentsFailing');
  expect(names(false)).not.toContain('PaymentsFailing');
});

test('every alert that silences or is silenced exists', () => {
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

test('windows of objectives keep their proportion to the time that these hold', () => {
  const windows = (window: string) => {
    const { 'slo.yaml': text = '' } = prometheusRuleFiles(
      settingsOf({ alerts: { slo: { window } }, prometheus: { retention: '30d' } }),
    );
    return new Set([...text.matchAll(/window="(\w+)"/g)].map(([, each]) => each));
  };
  // Those of the SRE workbook, which are for 30 days.
  expect([...windows('30d')].sort()).toEqual(['1d', '1h', '2h', '30m', '3d', '5m', '6h']);
  expect([...windows('15d')].sort()).toEqual(['12h', '150s', '15m', '1h', '30m', '36h', '3h']);
  // Below a minute there would be too few samples.
  expect([...windows('24h')].sort()).toEqual(['12m', '144m', '1m', '2m', '48m', '4m']);
});

test('no series is recorded twice', () => {
  const groups = Object.values(prometheusFiles).flatMap((text) => parse(text).groups);
  const recorded = groups.flatMap(({ rules }) => rules.filter((rule: object) => 'record' in rule));
  const names = recorded.map(({ record, labels }) => JSON.stringify([record, labels]));
  expect(names.length).toBeGreaterThan(10);
  expect(new Set(names).size).toBe(names.length);
});

test.each(alerts)('the labels in the texts of $alert are ones that its query keeps', (alert) => {
  const used = [...`${alert.summary}${alert.description}`.matchAll(/\$labels\.(\w+)/g)];
  const kept = /sum by \(([^)]*)\)/.exec(alert.expr)?.[1]?.split(/,\s*/);
  for (const [, label] of used) {
    if (kept !== undefined) expect(kept).toContain(label);
  }
});
