import { parser as logql } from '@grafana/lezer-logql';
import type { Parser } from '@lezer/common';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { dashboardUids } from '../lib/dashboard-uids.ts';
import { settingsOf } from '../test/synthesized.ts';
import {
  inhibitRules,
  logAlerts,
  lokiRuleFiles,
  metricAlerts,
  prometheusRuleFiles,
} from './index.ts';

const settings = settingsOf();
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

test.each(alerts)('the dashboard of $alert has a uid', ({ dashboard }) => {
  expect(Object.keys(dashboardUids)).toContain(dashboard);
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
