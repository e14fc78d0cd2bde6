import { sourceFile } from '../model/source.ts';
import { logLimits, timeLimits, traceLimits } from '../telemetry/limits.ts';
import { logIndexLabels } from '../telemetry/logs.ts';
import { attributesAsText, literal } from './ottl/ottl.ts';
import { ottlStage, type StatementGroup } from './pipeline-stage.ts';

const ownSource = sourceFile(import.meta.filename);

/** Nanoseconds, as a literal of OTTL. */
const nanoseconds = (duration: { toMilliseconds(): number }) =>
  `${duration.toMilliseconds()}000000`;

/** A time from the year 2262 on, which a signed number of nanoseconds cannot have. */
const outOfRange = (time: string) => `${time} < 0`;

/** The latest time that the stores accept. */
const latest = `UnixNano(Now()) + ${nanoseconds(timeLimits.ahead)}`;

/**
 * Renames attributes without a letter or digit of ASCII: the new name has the MD5 of the old one, so
 * that two of them stay two.
 */
const renameKeys = (attributes: string) =>
  `replace_all_patterns(${attributes}, "key", ${literal('^([^A-Za-z0-9]*)$')}, ${literal('$1')}, MD5, "attribute_%s")`;

/**
 * Replaces invalid bytes, which Loki rejects in labels. A regular expression of a single character
 * would not match them.
 */
const replaceInvalidUtf8 = (attributes: string) =>
  `replace_all_patterns(${attributes}, "value", ${literal('[\\x{FFFD}\\x{FFFF}]')}, "?")`;

const truncate = (attributes: string, bytes: number) => `truncate_all(${attributes}, ${bytes})`;

/**
 * Keeps the attributes of a resource or scope small: Loki stores them with every record, so a large
 * one would multiply the size of a request.
 */
const shrink = (attributes: string, kept: readonly string[]): StatementGroup => ({
  conditions: [`Len(${attributesAsText(attributes)}) > ${logLimits.resourceBytes}`],
  statements: [
    `flatten(${attributes})`,
    `stringify_all(${attributes})`,
    `delete_matching_keys(${attributes}, ${literal('(?s)^.{257}')})`,
    truncate(attributes, 256),
    `limit(${attributes}, 32, ${JSON.stringify([...new Set([...logIndexLabels, ...kept])])})`,
  ],
});

const { resourceAttributeBytes } = logLimits;

/** Scopes are stored with every log record, and as labels with every series. */
const smallScope: readonly StatementGroup[] = [
  {
    statements: [
      renameKeys('scope.attributes'),
      truncate('scope.attributes', resourceAttributeBytes),
      `set(scope.name, Substring(scope.name, 0, ${resourceAttributeBytes}, true)) where Len(scope.name) > ${resourceAttributeBytes}`,
    ],
  },
  shrink('scope.attributes', []),
];

/**
 * Changes the items that a store would reject together with the rest of their request, so that it
 * stores them (docs/troubleshooting.md lists the changes).
 *
 * @param kept further attributes that large resources keep
 */
export const sanitizeStage = (kept: readonly string[]) =>
  ottlStage(ownSource, 'transform/sanitize', 'statements', {
    traces: [
      { statements: [replaceInvalidUtf8('resource.attributes')] },
      {
        // Tempo rejects a request if one of its spans has no id. A hash gives the same id to a span
        // that is sent again.
        statements: [
          missingId('trace_id', 32, 'XXH128'),
          missingId('span_id', 16, 'XXH3'),
          truncate('span.attributes', traceLimits.attributeBytes),
          // Tempo's search finds no span of a block that has such a time.
          `set(span.start_time, Now()) where ${outOfRange('span.start_time_unix_nano')}`,
          `set(span.end_time, Now()) where ${outOfRange('span.end_time_unix_nano')}`,
        ],
      },
      {
        statements: [`set(spanevent.time, Now()) where ${outOfRange('spanevent.time_unix_nano')}`],
      },
    ],
    logs: [
      {
        statements: [
          renameKeys('resource.attributes'),
          replaceInvalidUtf8('resource.attributes'),
          truncate('resource.attributes', resourceAttributeBytes),
        ],
      },
      shrink('resource.attributes', kept),
      ...smallScope,
      {
        conditions: [
          outOfRange('log.time_unix_nano'),
          `log.time_unix_nano > ${latest}`,
          `log.time_unix_nano == 0 and log.observed_time_unix_nano > ${latest}`,
        ],
        statements: [
          'set(log.attributes["original_time_unix_nano"], log.time_unix_nano)',
          'set(log.time, Now())',
        ],
      },
      {
        statements: [
          renameKeys('log.attributes'),
          truncate('log.attributes', logLimits.attributeBytes),
        ],
      },
    ],
    metrics: [
      {
        statements: [renameKeys('resource.attributes'), replaceInvalidUtf8('resource.attributes')],
      },
      ...smallScope,
      {
        statements: [
          'set(metric.name, Concat(["metric_", Base64Encode(metric.name)], "")) where not IsMatch(metric.name, "[A-Za-z0-9:]")',
          'set(metric.aggregation_temporality, AGGREGATION_TEMPORALITY_CUMULATIVE) where metric.aggregation_temporality <= AGGREGATION_TEMPORALITY_UNSPECIFIED or metric.aggregation_temporality > AGGREGATION_TEMPORALITY_CUMULATIVE',
        ],
      },
      {
        statements: [
          `set(datapoint.time, Now()) where datapoint.time_unix_nano <= 0 or datapoint.time_unix_nano > ${latest}`,
          renameKeys('datapoint.attributes'),
        ],
      },
      {
        // An exemplar without a value reads as 0 too.
        statements: [
          'set(exemplar.double_value, 0.0) where exemplar.double_value == 0 and exemplar.int_value == 0',
        ],
      },
    ],
  });

/** Drops samples that Prometheus cannot store and would reject with the rest of their request. */
export const invalidStage = ottlStage(ownSource, 'filter/invalid', 'conditions', {
  traces: [],
  logs: [],
  metrics: [
    'metric.type == METRIC_DATA_TYPE_NONE',
    `datapoint.time_unix_nano < UnixNano(Now()) - ${nanoseconds(timeLimits.sampleAge)}`,
    'datapoint.scale < -4',
  ],
});

function missingId(path: 'trace_id' | 'span_id', digits: number, hash: string): string {
  const parts = ['trace_id.string', 'name', 'start_time_unix_nano', 'end_time_unix_nano'];
  const values = [...parts.map((part) => `span.${part}`), attributesAsText('span.attributes')].join(
    ', ',
  );
  return `set(span.${path}.string, ${hash}(Concat([${values}], ""))) where span.${path}.string == "${'0'.repeat(digits)}"`;
}
