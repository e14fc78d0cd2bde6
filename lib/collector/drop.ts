import { sourceFile } from '../model/source.ts';
import { attributes } from '../telemetry/app.ts';
import { ownServices } from '../telemetry/probes.ts';
import type { Signal } from '../telemetry/signal.ts';
import { isOneOf, literal, wildcards } from './ottl/ottl.ts';
import { ottlStage, type PipelineStage } from './pipeline-stage.ts';
import { severities } from './severity.ts';
import type { DropRule } from './telemetry-settings.ts';

const ownSource = sourceFile(import.meta.filename);

const serviceName = `resource.attributes[${literal(attributes.serviceName)}]`;

/** The OTTL context of one item of each signal. */
const ottlContexts = {
  traces: 'span',
  logs: 'log',
  metrics: 'datapoint',
} as const satisfies Record<Signal, string>;

/**
 * Telemetry of Mantis' own checks is never dropped, or the doctor would report the stack as broken.
 */
const notOwnService = `not ${isOneOf(serviceName, ownServices)}`;

/** Drops every item that matches one of the rules. */
export function dropStage(rules: readonly DropRule[]): PipelineStage {
  const conditions = (signal: Signal) =>
    rules.filter((rule) => rule.signal === signal).map(condition);
  return ottlStage(ownSource, 'filter/drop', 'conditions', {
    traces: conditions('traces'),
    logs: conditions('logs'),
    metrics: conditions('metrics'),
  });
}

/** The condition under which a rule drops an item: all its keys have to match. */
function condition(rule: DropRule): string {
  const { services, attributes: values = {} } = rule;
  return [
    ...(services === undefined ? [] : [isOneOf(serviceName, services)]),
    ...signalConditions(rule),
    ...Object.entries(values).map(([key, value]) =>
      isOneOf(`String(${ottlContexts[rule.signal]}.attributes[${literal(key)}])`, [String(value)]),
    ),
    notOwnService,
  ].join(' and ');
}

function signalConditions(rule: DropRule): string[] {
  switch (rule.signal) {
    case 'traces':
      return [
        ...(rule.paths === undefined ? [] : [pathCondition(rule.paths)]),
        ...(rule.names === undefined ? [] : [isOneOf('span.name', rule.names)]),
      ];
    case 'logs':
      return [
        // A log record without a severity has the number 0; it is not dropped as if its severity
        // were low.
        ...(rule.belowSeverity === undefined
          ? []
          : [
              'log.severity_number > 0',
              `log.severity_number < ${severities[rule.belowSeverity].number}`,
            ]),
        ...(rule.bodies === undefined ? [] : [isOneOf('String(log.body)', rule.bodies)]),
      ];
    case 'metrics':
      return rule.names === undefined ? [] : [isOneOf('metric.name', rule.names)];
  }
}

/** Matches a request by its path; the deprecated `http.target` includes the query string. */
function pathCondition(paths: readonly string[]): string {
  const withQuery = [...paths, ...paths.map((path) => `${path}?*`)];
  const alternatives = [
    ...[attributes.urlPath, attributes.httpRoute].map((key) => [key, paths] as const),
    ['http.target', withQuery] as const,
  ].map(
    ([key, names]) => `IsMatch(span.attributes[${literal(key)}], ${literal(wildcards(names))})`,
  );
  return `(${alternatives.join(' or ')})`;
}
