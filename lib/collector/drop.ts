import { attributes } from '../telemetry/app.ts';
import { ownServices } from '../telemetry/probes.ts';
import { isOneOf, literal, wildcards } from './ottl.ts';
import { ottlStage, type Signal, type Stage } from './pipeline-stage.ts';
import type { DropRule } from './telemetry-settings.ts';

/** Severity numbers of OpenTelemetry, by the names that people use. */
const severityNumbers = { DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, FATAL: 21 } as const;

const serviceName = `resource.attributes[${literal(attributes.serviceName)}]`;

/** Where the attributes of one item of a signal are. */
const items = { traces: 'span', logs: 'log', metrics: 'datapoint' } as const satisfies Record<
  Signal,
  string
>;

/** What Mantis sends to look at itself goes through, or the doctor would call the stack broken. */
const notOurs = `not ${isOneOf(serviceName, ownServices)}`;

/** Drops whatever one of the rules describes. */
export function dropping(rules: readonly DropRule[]): Stage {
  const conditions = (signal: Signal) =>
    rules.filter((rule) => rule.signal === signal).map(condition);
  return ottlStage('filter/drop', 'conditions', {
    traces: conditions('traces'),
    logs: conditions('logs'),
    metrics: conditions('metrics'),
  });
}

/** All that a rule says has to be true of an item. */
function condition(rule: DropRule): string {
  const { services, attributes: values = {} } = rule;
  return [
    ...(services === undefined ? [] : [isOneOf(serviceName, services)]),
    ...ofSignal(rule),
    ...Object.entries(values).map(([key, value]) =>
      isOneOf(`String(${items[rule.signal]}.attributes[${literal(key)}])`, [String(value)]),
    ),
    notOurs,
  ].join(' and ');
}

function ofSignal(rule: DropRule): string[] {
  switch (rule.signal) {
    case 'traces':
      return [
        ...(rule.paths === undefined ? [] : [requested(rule.paths)]),
        ...(rule.names === undefined ? [] : [isOneOf('span.name', rule.names)]),
      ];
    case 'logs':
      return [
        // A line without a severity has the number 0, and is not thereby unimportant.
        ...(rule.below === undefined
          ? []
          : ['log.severity_number > 0', `log.severity_number < ${severityNumbers[rule.below]}`]),
        ...(rule.bodies === undefined ? [] : [isOneOf('String(log.body)', rule.bodies)]),
      ];
    case 'metrics':
      return rule.names === undefined ? [] : [isOneOf('metric.name', rule.names)];
  }
}

/** A request for a path; the older `http.target` has its query behind it. */
function requested(paths: readonly string[]): string {
  const withQuery = [...paths, ...paths.map((path) => `${path}?*`)];
  const alternatives = [
    ...[attributes.urlPath, attributes.httpRoute].map((key) => [key, paths] as const),
    ['http.target', withQuery] as const,
  ].map(
    ([key, names]) => `IsMatch(span.attributes[${literal(key)}], ${literal(wildcards(names))})`,
  );
  return `(${alternatives.join(' or ')})`;
}
