import { sourceFile } from '../model/source.ts';
import { logFields } from '../telemetry/logs.ts';
import { literal } from './ottl/ottl.ts';
import { ottlStage, type StatementGroup } from './pipeline-stage.ts';

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

/**
 * Gives each log record both a severity number and a level. By itself Loki uses the text first, so
 * that an error whose text it does not know would be no error.
 */
export const severityStage = ottlStage(
  sourceFile(import.meta.filename),
  'transform/severity',
  'statements',
  { traces: [], metrics: [], logs: [numberFromText(), levelFromNumber()] },
);

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

function levelFromNumber(): StatementGroup {
  const level = `log.attributes[${literal(logFields.detectedLevel)}]`;
  return {
    statements: numbers.map(
      (severity) =>
        `set(${level}, ${literal(severity.level)}) where log.severity_number >= ${severity.number} and log.severity_number <= ${severity.number + 3}`,
    ),
  };
}
