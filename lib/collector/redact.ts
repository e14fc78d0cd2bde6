import { literal, wildcards } from './ottl.ts';
import { noStage, ottlStage, type Signal, type Stage } from './pipeline-stage.ts';
import type { Redact } from './telemetry-settings.ts';

/** What is written in the place of what is masked. */
export const masked = '***';

/** Values that are known by their form. RE2: no lookaround, no back references. */
const forms: Readonly<Record<Redact['mask'][number], string>> = {
  email: '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}',
  // By their first digits, so that no time or order number of as many digits is taken for one.
  card: [
    '\\b(?:4\\d{3}|5[1-5]\\d{2}|2(?:22[1-9]|2[3-9]\\d|[3-6]\\d{2}|7[01]\\d|720)|6(?:011|5\\d{2}))(?:[ -]?\\d{4}){3}\\b',
    '\\b3[47]\\d{2}[ -]?\\d{6}[ -]?\\d{5}\\b',
  ].join('|'),
  token: [
    '(?i:\\b(?:bearer|basic)\\s+[a-z0-9._~+/-]{8,}=*)',
    '\\beyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+',
  ].join('|'),
};

interface Place {
  /** A map of attributes. */
  readonly map: string;
  /** Texts beside it, in the same context of OTTL. */
  readonly texts?: readonly string[];
}

const everywhere: readonly Place[] = [{ map: 'resource.attributes' }, { map: 'scope.attributes' }];

/** All that OTTL reaches; the attributes of links between spans are not among it. */
const places: Readonly<Record<Signal, readonly Place[]>> = {
  traces: [
    ...everywhere,
    { map: 'span.attributes', texts: ['span.name', 'span.status.message'] },
    { map: 'spanevent.attributes', texts: ['spanevent.name'] },
  ],
  logs: [...everywhere, { map: 'log.attributes' }],
  metrics: [
    ...everywhere,
    { map: 'datapoint.attributes' },
    { map: 'exemplar.filtered_attributes' },
  ],
};

interface Group {
  /** Left out, the statements are for all. */
  readonly conditions?: readonly string[];
  readonly statements: readonly string[];
}

/** Takes out of all signals what must not be stored. */
export function redacting(redact: Redact): Stage {
  const { delete: deleted, hash } = redact;
  const found = [...redact.mask.map((name) => forms[name]), ...redact.patterns];
  if (deleted.length + hash.length + found.length === 0) return noStage;
  const of = (signal: Signal) =>
    places[signal].flatMap(({ map, texts = [] }) => [
      ...inMap(map, redact, found),
      ...inTexts(texts, found),
    ]);
  return ottlStage('transform/redact', 'statements', {
    traces: of('traces'),
    logs: [...of('logs'), ...inBody(redact, found)],
    metrics: [...of('metrics'), ...(deleted.length + found.length === 0 ? [] : [merge])],
  });
}

function inMap(map: string, redact: Redact, found: readonly string[]): Group[] {
  const { delete: deleted, hash } = redact;
  const statements = [
    ...(deleted.length === 0
      ? []
      : [`delete_matching_keys(${map}, ${literal(wildcards(deleted))})`]),
    ...hash.flatMap((key) => hashed(map, key, redact.hashKey)),
    ...maskValues(map, found),
  ];
  return [...group(statements), ...inNested(map, found)];
}

/** The first 16 of the 64 digits of SHA-256: short enough to read, and as good as unique. */
function hashed(map: string, key: string, hashKey: string | undefined): string[] {
  const value = `${map}[${literal(key)}]`;
  const set = (text: string) =>
    `set(${value}, Substring(SHA256(${text}), 0, 16)) where ${value} != nil`;
  if (hashKey === undefined) return [set(`String(${value})`)];
  // A secret in front, or whoever knows the form of the values could try them all. Where the Secret
  // lacks it, there is nothing rather than a hash that anybody can make.
  const secret = `"\${env:${hashKey}}"`;
  return [
    `delete_key(${map}, ${literal(key)}) where ${secret} == ""`,
    set(`Concat([${secret}, String(${value})], "")`),
  ];
}

const maskValues = (map: string, found: readonly string[]) =>
  found.map((form) => `replace_all_patterns(${map}, "value", ${literal(form)}, "${masked}")`);

/**
 * Where something is still found in a map, it is in a list or map below it, which is laid out flat,
 * or in a number, which becomes text.
 */
function inNested(map: string, found: readonly string[]): Group[] {
  if (found.length === 0) return [];
  const still = `IsMatch(String(${map}), ${literal(any(found))})`;
  const again = maskValues(map, found);
  return [
    {
      conditions: [still],
      statements: [`flatten(${map})`, ...again, `stringify_all(${map}) where ${still}`, ...again],
    },
  ];
}

function inTexts(texts: readonly string[], found: readonly string[]): Group[] {
  return group(texts.flatMap((text) => found.map((form) => maskText(text, form))));
}

const maskText = (text: string, form: string) =>
  `replace_pattern(${text}, ${literal(form)}, "${masked}")`;

/** A body is a text, a map as attributes are, or now and then a list, which becomes a text. */
function inBody(redact: Redact, found: readonly string[]): Group[] {
  const list = `IsList(log.body) and IsMatch(String(log.body), ${literal(any(found))})`;
  return [
    ...inMap('log.body', redact, found).map(({ conditions = [], statements }) => ({
      conditions: [['IsMap(log.body)', ...conditions].join(' and ')],
      statements,
    })),
    ...(found.length === 0
      ? []
      : [{ statements: [`set(log.body, String(log.body)) where ${list}`] }]),
    ...group(found.map((form) => `${maskText('log.body', form)} where IsString(log.body)`)),
  ];
}

/**
 * Series that only differed in what is gone would have the same name and time, and Prometheus would
 * refuse the whole request: they become one.
 */
const merge: Group = {
  statements: [
    'aggregate_on_attributes("sum") where metric.type == METRIC_DATA_TYPE_SUM or metric.type == METRIC_DATA_TYPE_HISTOGRAM or metric.type == METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM',
    'aggregate_on_attributes("max") where metric.type == METRIC_DATA_TYPE_GAUGE',
  ],
};

const any = (found: readonly string[]) => found.map((form) => `(?:${form})`).join('|');

function group(statements: readonly string[]): Group[] {
  return statements.length === 0 ? [] : [{ statements }];
}
