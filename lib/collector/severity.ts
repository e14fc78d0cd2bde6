import { sourceFile } from '../model/source.ts';
import { severityAttribute } from '../telemetry/logs.ts';
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

/** Senders' own values are removed, because an index label must have few. */
function levelFromNumber(): PipelineStage {
  const key = literal(severityAttribute);
  return ottlStage(source, 'transform/level', 'statements', {
    traces: [],
    metrics: [],
    logs: [
      { statements: [`delete_key(resource.attributes, ${key})`] },
      {
        statements: [
          `delete_key(log.attributes, ${key})`,
          ...numbers.map(
            ({ number, level }) =>
              `set(log.attributes[${key}], ${literal(level)}) where log.severity_number >= ${number} and log.severity_number <= ${number + 3}`,
          ),
        ],
      },
    ],
  });
}
