import { z } from 'zod';
import { duration, percent, text } from '../settings/units.ts';

/** Settings of the collector for dropping, transforming, redacting and sampling telemetry. */

const name = text(/^.+$/s, 'a name; * matches anything');
const names = z.array(name).min(1, 'at least one name; * matches anything').optional();
const services = names.describe('Names of services. Unset: all services');
const values = z
  .record(
    z.string().min(1),
    z.union([name, z.number(), z.boolean()], 'a string, a number, true or false'),
  )
  .optional();

/** Severities below which log records can be dropped. */
const logSeverities = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

const rules = [
  z.strictObject({
    signal: z.literal('traces'),
    paths: names.describe('Paths of HTTP requests, such as /health'),
    names: names.describe('Names of spans'),
    services,
    attributes: values,
  }),
  z.strictObject({
    signal: z.literal('logs'),
    belowSeverity: z.enum(logSeverities, `one of ${logSeverities.join(', ')}`).optional(),
    bodies: names.describe('Complete log bodies'),
    services,
    attributes: values,
  }),
  z.strictObject({
    signal: z.literal('metrics'),
    names: names.describe('Names of metrics in OpenTelemetry'),
    services,
    attributes: values,
  }),
] as const;

const dropRule = z
  .discriminatedUnion('signal', rules, 'one of traces, logs, metrics')
  .check(({ value, issues }) => {
    const { signal, ...says } = value;
    // Keys of other signals have been refused before.
    const empty = Object.values(says).every((each) => each === undefined);
    if (!empty || issues.length > 0) return;
    const [, ...keys] = Object.keys(
      rules.find(({ shape }) => shape.signal.value === signal)?.shape ?? {},
    );
    const message = `a rule with at least one of ${keys.join(', ')}`;
    issues.push({ code: 'custom', input: signal, path: ['signal'], message });
  });

export type DropRule = z.output<typeof dropRule>;

const drop = z
  .array(dropRule)
  .default([])
  .describe(
    'Telemetry that is dropped: rules for `traces` (by paths, names), `logs` (by belowSeverity, bodies) or `metrics` (by names), each also by services and attributes; a rule drops an item if all its keys match',
  );

/** The form of an OTTL statement; whether its function exists is only known to the collector. */
const statements = z
  .array(
    text(
      /^[a-z_]+\(.*\)(\s+where\s.+)?$/s,
      'an OTTL statement such as set(span.attributes["team"], "shop") where span.name == "GET /"',
    ),
  )
  .default([]);

const transform = z.strictObject({
  traces: statements.describe('OTTL statements for spans; write `$` as `$$`'),
  logs: statements.describe('OTTL statements for log records'),
  metrics: statements.describe('OTTL statements for metrics'),
});

const keys = z.array(text(/^.+$/s, 'the name of an attribute')).default([]);

const pattern = z.string('a regular expression').refine((source) => {
  try {
    new RegExp(source.replace(/^\(\?i\)/, ''));
  } catch {
    return false;
  }
  // The collector uses RE2, and also combines the pattern with others.
  return !/\(\?<?[=!]|\\[1-9]|^\^|[^\\]\$$|^$/.test(source);
}, 'a regular expression that RE2 accepts, without ^, $, lookaround and back references');

const redact = z.strictObject({
  delete: keys.describe('Names of attributes to delete; `*` matches anything'),
  hash: keys.describe('Names of attributes whose values are replaced by their hash'),
  hashKey: text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a key of the Secret: letters, digits and _')
    .optional()
    .describe(
      'Key of collector.secret whose value is added to each hashed value, so that hashes cannot be guessed',
    ),
  mask: z
    .array(z.enum(['email', 'card', 'token'], 'one of email, card, token'))
    .default([])
    .describe(
      'Values that are replaced by `***` in all strings: `email` addresses, credit `card` numbers, `token`s (JWTs, bearer and basic credentials)',
    ),
  patterns: z
    .array(pattern)
    .default([])
    .describe('Regular expressions of further values that are replaced by `***`'),
});

export type Redact = z.output<typeof redact>;

const keep = percent.describe('Percentage of the traces that is kept');

const seconds = duration(['s'], '10s').refine((wait) => wait.toSeconds() <= 60, 'at most 60s');

const count = 'a whole number from 100 to 1000000';

export const samplingSettings = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: z.literal('none') }),
      z.strictObject({ mode: z.literal('head'), keep }),
      z.strictObject({
        mode: z.literal('tail'),
        keep: keep.describe('Percentage that is kept of the traces that no other criterion keeps'),
        errors: z.boolean('true or false').default(true).describe('Keep every trace with an error'),
        slow: duration(['ms', 's'], '2s')
          .optional()
          .describe(
            'Duration above which every trace is kept. Unset: no trace is kept for its duration',
          ),
        services: z
          .array(text(/^.+$/s, 'the name of a service'))
          .default([])
          .describe('Names of services; every trace with a span of one of them is kept'),
        decisionWait: seconds
          .prefault('10s')
          .describe('Time from the first span of a trace to the decision, at most 60s'),
        maxTraces: z
          .int(count)
          .min(100, count)
          .max(1_000_000, count)
          .default(10_000)
          .describe(
            'Number of traces that wait in memory for their decision; above it senders are blocked',
          ),
      }),
    ],
    'one of none, head, tail',
  )
  .prefault({ mode: 'none' })
  .describe(
    'Sampling of traces: none (`mode: none`), a percentage by trace id (`head`), or a percentage and all traces that are slow, have errors or belong to certain services (`tail`)',
  );

export type Sampling = z.output<typeof samplingSettings>;

/** Sampling as it is written in mantis.yaml. */
export type SamplingInput = z.input<typeof samplingSettings>;

export const telemetrySettings = {
  drop,
  transform: transform.prefault({}),
  redact: redact.prefault({}),
  sampling: samplingSettings,
};

/** redact.hashKey is a key of the Secret, so the Secret has to be set. */
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
