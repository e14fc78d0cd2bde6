import { sourceFile } from '../model/source.ts';
import type { Signal } from '../telemetry/signal.ts';
import { attributesAsText, literal, wildcards } from './ottl/ottl.ts';
import {
  emptyStage,
  ottlStage,
  type PipelineStage,
  type StatementGroup,
} from './pipeline-stage.ts';
import type { Redact } from './telemetry-settings.ts';

const ownSource = sourceFile(import.meta.filename);

/** Replaces each masked value. */
const maskReplacement = '***';

/** Regular expressions of the values that `mask` names. RE2: no lookaround, no back references. */
const maskPatterns: Readonly<Record<Redact['mask'][number], string>> = {
  email: '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}',
  // Restricted to the first digits of card networks, so that timestamps and order numbers do not
  // match.
  card: [
    '\\b(?:4\\d{3}|5[1-5]\\d{2}|2(?:22[1-9]|2[3-9]\\d|[3-6]\\d{2}|7[01]\\d|720)|6(?:011|5\\d{2}))(?:[ -]?\\d{4}){3}\\b',
    '\\b3[47]\\d{2}[ -]?\\d{6}[ -]?\\d{5}\\b',
  ].join('|'),
  token: [
    '(?i:\\b(?:bearer|basic)\\s+[a-z0-9._~+/-]{8,}=*)',
    '\\beyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+',
  ].join('|'),
};

/** Paths of one OTTL context. */
interface OttlContext {
  /** Path of the attributes. */
  readonly attributes: string;
  /** Paths of the other strings. */
  readonly strings?: readonly string[];
}

const sharedContexts: readonly OttlContext[] = [
  { attributes: 'resource.attributes' },
  { attributes: 'scope.attributes' },
];

/** Every context of OTTL with strings; OTTL has no path for the attributes of span links. */
const contexts: Readonly<Record<Signal, readonly OttlContext[]>> = {
  traces: [
    ...sharedContexts,
    { attributes: 'span.attributes', strings: ['span.name', 'span.status.message'] },
    { attributes: 'spanevent.attributes', strings: ['spanevent.name'] },
  ],
  logs: [...sharedContexts, { attributes: 'log.attributes' }],
  metrics: [
    ...sharedContexts,
    { attributes: 'datapoint.attributes' },
    { attributes: 'exemplar.filtered_attributes' },
  ],
};

/** Deletes, hashes and masks values in all signals. */
export function redactStage(redact: Redact): PipelineStage {
  const { delete: deleted, hash } = redact;
  const patterns = [...redact.mask.map((name) => maskPatterns[name]), ...redact.patterns];
  if (deleted.length + hash.length + patterns.length === 0) return emptyStage;
  const groupsOf = (signal: Signal) =>
    contexts[signal].flatMap(({ attributes, strings = [] }) => [
      ...redactAttributes(attributes, redact, patterns),
      ...maskStrings(strings, patterns),
    ]);
  return ottlStage(ownSource, 'transform/redact', 'statements', {
    traces: groupsOf('traces'),
    logs: [...groupsOf('logs'), ...redactBody(redact, patterns)],
    metrics: [
      ...groupsOf('metrics'),
      ...(deleted.length + patterns.length === 0 ? [] : [mergeSeries]),
    ],
  });
}

function redactAttributes(
  attributes: string,
  redact: Redact,
  patterns: readonly string[],
): StatementGroup[] {
  const { delete: deleted, hash } = redact;
  const statements = [
    ...(deleted.length === 0
      ? []
      : [`delete_matching_keys(${attributes}, ${literal(wildcards(deleted))})`]),
    ...hash.flatMap((key) => hashValue(attributes, key, redact.hashKey)),
    ...maskValues(attributes, patterns),
  ];
  return [...asGroup(statements), ...maskNested(attributes, patterns)];
}

/** Replaces a value by the first 16 of the 64 hexadecimal digits of its SHA-256 hash. */
function hashValue(attributes: string, key: string, hashKey: string | undefined): string[] {
  const value = `${attributes}[${literal(key)}]`;
  const set = (text: string) =>
    `set(${value}, Substring(SHA256(${text}), 0, 16)) where ${value} != nil`;
  if (hashKey === undefined) return [set(`String(${value})`)];
  // With a secret prefix nobody can find a value by hashing all candidates. Where the Secret lacks
  // the key, the attribute is deleted instead.
  const secret = `"\${env:${hashKey}}"`;
  return [
    `delete_key(${attributes}, ${literal(key)}) where ${secret} == ""`,
    set(`Concat([${secret}, String(${value})], "")`),
  ];
}

const maskValues = (attributes: string, patterns: readonly string[]) =>
  patterns.map(
    (pattern) =>
      `replace_all_patterns(${attributes}, "value", ${literal(pattern)}, "${maskReplacement}")`,
  );

/**
 * Masks values in nested lists, maps and numbers: if a pattern still matches, the attributes are
 * flattened, and then numbers are converted to strings.
 */
function maskNested(attributes: string, patterns: readonly string[]): StatementGroup[] {
  if (patterns.length === 0) return [];
  const stillMatches = `IsMatch(${attributesAsText(attributes)}, ${literal(alternation(patterns))})`;
  const maskAgain = maskValues(attributes, patterns);
  return [
    {
      conditions: [stillMatches],
      statements: [
        `flatten(${attributes})`,
        ...maskAgain,
        `stringify_all(${attributes}) where ${stillMatches}`,
        ...maskAgain,
      ],
    },
  ];
}

function maskStrings(strings: readonly string[], patterns: readonly string[]): StatementGroup[] {
  return asGroup(strings.flatMap((text) => patterns.map((pattern) => maskText(text, pattern))));
}

const maskText = (text: string, pattern: string) =>
  `replace_pattern(${text}, ${literal(pattern)}, "${maskReplacement}")`;

/**
 * Redacts log bodies: strings, maps, and lists, which are converted to strings if a pattern
 * matches.
 */
function redactBody(redact: Redact, patterns: readonly string[]): StatementGroup[] {
  const list = `IsList(log.body) and IsMatch(String(log.body), ${literal(alternation(patterns))})`;
  return [
    ...redactAttributes('log.body', redact, patterns).map(({ conditions = [], statements }) => ({
      conditions: [['IsMap(log.body)', ...conditions].join(' and ')],
      statements,
    })),
    ...(patterns.length === 0
      ? []
      : [{ statements: [`set(log.body, String(log.body)) where ${list}`] }]),
    ...asGroup(
      patterns.map((pattern) => `${maskText('log.body', pattern)} where IsString(log.body)`),
    ),
  ];
}

/**
 * Merges series that differ only in redacted attributes. Otherwise Prometheus would reject the
 * request for duplicate samples.
 */
const mergeSeries: StatementGroup = {
  statements: [
    'aggregate_on_attributes("sum") where metric.type == METRIC_DATA_TYPE_SUM or metric.type == METRIC_DATA_TYPE_HISTOGRAM or metric.type == METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM',
    'aggregate_on_attributes("max") where metric.type == METRIC_DATA_TYPE_GAUGE',
  ],
};

const alternation = (patterns: readonly string[]) =>
  patterns.map((pattern) => `(?:${pattern})`).join('|');

function asGroup(statements: readonly string[]): StatementGroup[] {
  return statements.length === 0 ? [] : [{ statements }];
}
