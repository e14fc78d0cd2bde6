import { sourceFile } from '../model/source.ts';
import { logFields, severityAttribute } from '../telemetry/logs.ts';
import { literal } from './ottl/ottl.ts';
import { ottlStage, type PipelineStage, type StatementGroup } from './pipeline-stage.ts';

/**
 * OpenTelemetry's severities: the first number of each, the level that Loki calls it, and the texts
 * of other systems that mean it (syslog, java.util.logging, klog, zap, slog, npm, PostgreSQL).
 */
export const severities = {
  TRACE: { number: 1, level: 'trace', texts: 't|trc|trace|finer|finest|silly' },
  DEBUG: { number: 5, level: 'debug', texts: 'd|dbg|debug|fine|verbose' },
  INFO: { number: 9, level: 'info', texts: 'i|inf|info|information(al)?|notice|log|config|http' },
  WARN: { number: 13, level: 'warn', texts: 'w|wrn|warn|warning' },
  ERROR: { number: 17, level: 'error', texts: 'e|err|error|severe|crit|critical' },
  FATAL: { number: 21, level: 'fatal', texts: 'f|ftl|fatal|emerg|emergency|alert|panic|dpanic' },
} as const;

const numbers = Object.values(severities);

const source = sourceFile(import.meta.filename);

/** Gives log records that have only a text a severity number, which later stages compare. */
export const severityStage = ottlStage(source, 'transform/severity', 'statements', {
  traces: [],
  metrics: [],
  logs: [numberFromText()],
});

const level = levelFromNumber();

/**
 * Groups log records by their level, which Loki indexes: a search for errors reads nothing else. It
 * comes after the user's statements, which may change severities.
 */
export const levelStage: PipelineStage = {
  ...level,
  processors: { ...level.processors, 'groupbyattrs/level': { keys: [severityAttribute] } },
  pipelines: { logs: [...(level.pipelines.logs ?? []), 'groupbyattrs/level'] },
};

/** For records with only a text, or with a number that OpenTelemetry does not define. */
function numberFromText(): StatementGroup {
  return {
    conditions: ['log.severity_number < 1', 'log.severity_number > 24'],
    statements: numbers.map(
      ({ number, texts }) =>
        `set(log.severity_number, ${number}) where IsMatch(log.severity_text, ${literal(`(?i)^(${texts})\\b`)})`,
    ),
  };
}

/** Senders' own values of the attribute are removed, because an index label must have few. */
function levelFromNumber(): PipelineStage {
  const [key, detected] = [severityAttribute, logFields.detectedLevel].map(literal);
  const level = `log.attributes[${key}]`;
  return ottlStage(source, 'transform/level', 'statements', {
    traces: [],
    metrics: [],
    logs: [
      { statements: [`delete_key(resource.attributes, ${key})`] },
      {
        statements: [
          `delete_key(log.attributes, ${key})`,
          ...numbers.map(
            (severity) =>
              `set(${level}, ${literal(severity.level)}) where log.severity_number >= ${severity.number} and log.severity_number <= ${severity.number + 3}`,
          ),
          // By itself Loki uses the text first, so that an error whose text it does not know would be
          // no error.
          `set(log.attributes[${detected}], ${level}) where ${level} != nil`,
          // Loki has the attributes of a scope on every line too. The groups tell scopes apart by name
          // and version only.
          'merge_maps(log.attributes, scope.attributes, "insert") where Len(scope.attributes) > 0',
        ],
      },
      { statements: [`delete_matching_keys(scope.attributes, ".*")`] },
    ],
  });
}
