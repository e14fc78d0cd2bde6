import { parser as logql } from '@grafana/lezer-logql';
import type { Parser } from '@lezer/common';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { lokiRuleFiles, prometheusRuleFiles } from './index.ts';
import { logAlerts } from './logs.ts';
import { stackAlerts } from './stack.ts';

const alerts = [
  ...stackAlerts.map((alert) => ({ ...alert, language: 'PromQL', parser: promql })),
  ...logAlerts.map((alert) => ({ ...alert, language: 'LogQL', parser: logql })),
];

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
  const files = language === 'PromQL' ? prometheusRuleFiles : lokiRuleFiles;
  expect(Object.values(files).join()).toContain(`alert: ${alert}\n`);
});

test.each(alerts)('the labels in the texts of $alert are ones that its query keeps', (alert) => {
  const used = [...`${alert.summary}${alert.description}`.matchAll(/\$labels\.(\w+)/g)];
  const kept = /sum by \(([^)]*)\)/.exec(alert.expr)?.[1]?.split(/,\s*/);
  for (const [, label] of used) {
    if (kept !== undefined) expect(kept).toContain(label);
  }
});
