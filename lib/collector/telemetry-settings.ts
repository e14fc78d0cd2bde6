import { z } from 'zod';
import { duration, percent, text } from '../settings/units.ts';

/** What the collector does with telemetry on its way: drop, change, redact, sample. */

const name = text(/^.+$/s, 'a name; * stands for anything');
const names = z.array(name).min(1, 'at least one name; * stands for anything').optional();
const services = names.describe('Of which services; left out, of all');
const values = z
  .record(
    z.string().min(1),
    z.union([name, z.number(), z.boolean()], 'a text, number or true/false'),
  )
  .optional();

/** Below which severities log lines can be dropped. */
export const lowestSeverities = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

const rules = [
  z.strictObject({
    signal: z.literal('traces'),
    paths: names.describe('Paths of requests, such as /health'),
    names: names.describe('Names of spans'),
    services,
    attributes: values,
  }),
  z.strictObject({
    signal: z.literal('logs'),
    below: z.enum(lowestSeverities, `one of ${lowestSeverities.join(', ')}`).optional(),
    bodies: names.describe('Texts of whole lines'),
    services,
    attributes: values,
  }),
  z.strictObject({
    signal: z.literal('metrics'),
    names: names.describe('Names of metrics, as the app records them'),
    services,
    attributes: values,
  }),
] as const;

const dropRule = z
  .discriminatedUnion('signal', rules, 'one of traces, logs, metrics')
  .check(({ value, issues }) => {
    const { signal, ...says } = value;
    // A key that the signal does not have has been refused before.
    const empty = Object.values(says).every((each) => each === undefined);
    if (!empty || issues.length > 0) return;
    const [, ...keys] = Object.keys(
      rules.find(({ shape }) => shape.signal.value === signal)?.shape ?? {},
    );
    const message = `a rule that says more: at least one of ${keys.join(', ')}`;
    issues.push({ code: 'custom', input: signal, path: ['signal'], message });
  });

export type DropRule = z.output<typeof dropRule>;

const drop = z
  .array(dropRule)
  .default([])
  .describe(
    'What is not kept: rules for `traces` (by paths, names), `logs` (by below, bodies) or `metrics` (by names), each also by services and attributes; all that a rule says has to be true',
  );

/** A statement calls a function; whether it is one that exists, the collector alone knows. */
const statements = z
  .array(
    text(
      /^[a-z_]+\(.*\)(\s+where\s.+)?$/s,
      'an OTTL statement such as set(span.attributes["team"], "shop") where span.name == "GET /"',
    ),
  )
  .default([]);

const transform = z.strictObject({
  traces: statements.describe('OTTL statements for spans; `$` is written `$$`'),
  logs: statements.describe('The same for log lines'),
  metrics: statements.describe('The same for metrics'),
});

const keys = z.array(text(/^.+$/s, 'the name of an attribute')).default([]);

const pattern = z.string('a regular expression').refine((source) => {
  try {
    new RegExp(source.replace(/^\(\?i\)/, ''));
  } catch {
    return false;
  }
  // The collector searches with RE2, and looks for the pattern within longer texts as well.
  return !/\(\?<?[=!]|\\[1-9]|^\^|[^\\]\$$|^$/.test(source);
}, 'a regular expression as RE2 knows it, without ^, $, lookaround and back references');

const redact = z.strictObject({
  delete: keys.describe('Attributes that are deleted, by name; `*` stands for anything'),
  hash: keys.describe('Attributes whose values become their hash, by name'),
  hashKey: text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a key of the Secret: letters, digits and _')
    .optional()
    .describe(
      'Key of collector.secret whose value goes into each hash, so that nobody can guess what was hashed',
    ),
  mask: z
    .array(z.enum(['email', 'card', 'token'], 'one of email, card, token'))
    .default([])
    .describe(
      'What becomes `***` wherever it is in a text: `email` addresses, credit `card` numbers, `token`s (JWTs, bearer and basic credentials)',
    ),
  patterns: z.array(pattern).default([]).describe('The same by regular expressions of your own'),
});

export type Redact = z.output<typeof redact>;

const keep = percent.describe('Share of the traces that is kept');

const seconds = duration(['s'], '10s').refine((wait) => wait.toSeconds() <= 60, 'at most 60s');

const count = 'a whole number from 100 to 1000000';

const sampling = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: z.literal('none') }),
      z.strictObject({ mode: z.literal('head'), keep }),
      z.strictObject({
        mode: z.literal('tail'),
        keep: keep.describe('Share of the traces that is kept of those that nothing else keeps'),
        errors: z
          .boolean('true or false')
          .default(true)
          .describe('Whether every trace with an error is kept'),
        slow: duration(['ms', 's'], '2s')
          .optional()
          .describe('Every trace that takes longer is kept; left out, none for its duration'),
        services: z
          .array(text(/^.+$/s, 'the name of a service'))
          .default([])
          .describe('Every trace with a span of one of these services is kept'),
        decisionWait: seconds
          .prefault('10s')
          .describe('How long a trace may take to be complete, from its first span'),
        maxTraces: z
          .int(count)
          .min(100, count)
          .max(1_000_000, count)
          .default(10_000)
          .describe('How many traces may wait in memory; senders wait for room beyond that'),
      }),
    ],
    'one of none, head, tail',
  )
  .prefault({ mode: 'none' })
  .describe(
    'Which traces are kept: all (`mode: none`), a share of them by their ids (`head`), or a share and all that matter (`tail`)',
  );

export type Sampling = z.output<typeof sampling>;

/** The settings of the collector that say what it does with telemetry. */
export const telemetryOptions = {
  drop,
  transform: transform.prefault({}),
  redact: redact.prefault({}),
  sampling,
};

/** A hash with a secret needs the Secret. */
export const checkHashKey: z.core.CheckFn<{ redact: Redact; secret?: string }> = ({
  value: {
    redact: { hashKey },
    secret,
  },
  issues,
}) => {
  if (hashKey === undefined || secret !== undefined) return;
  const message = `the name of the Secret with the key ${hashKey}`;
  issues.push({ code: 'custom', input: undefined, path: ['secret'], message });
};
