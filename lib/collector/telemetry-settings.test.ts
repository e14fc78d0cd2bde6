import { settingsSchema } from '../schema.ts';

const refusals = (collector: unknown) => {
  const result = settingsSchema.safeParse({ collector });
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

test.each([
  { drop: [{ signal: 'traces', paths: ['/health'] }] },
  { drop: [{ signal: 'traces', services: ['noisy'] }] },
  {
    drop: [{ signal: 'logs', belowSeverity: 'WARN', attributes: { 'code.line': 7, debug: true } }],
  },
  { drop: [{ signal: 'metrics', names: ['jvm.*'] }] },
  { redact: { delete: ['a'], hash: ['b'], mask: ['email'], patterns: ['(?i)sk_[a-z]+\\d{4}'] } },
  { redact: { hash: ['b'], hashKey: 'HASH_KEY' }, secret: 'collector' },
  { sampling: { mode: 'none' } },
  { sampling: { mode: 'head', keep: '0.5%' } },
  { sampling: { mode: 'tail', keep: '10%', slow: '250ms', errors: false, maxTraces: 100 } },
  { transform: { logs: ['set(log.attributes["a"], "b") where log.body == "c"'] } },
])('%j is accepted', (collector) => {
  expect(refusals(collector)).toEqual([]);
});

test.each<[object, string]>([
  [{ drop: [{ signal: 'spans', names: ['a'] }] }, 'drop.0.signal: one of traces, logs, metrics'],
  [
    { drop: [{ signal: 'traces' }] },
    'drop.0.signal: a rule with at least one of paths, names, services, attributes',
  ],
  [
    { drop: [{ signal: 'logs', belowSeverity: 'warning' }] },
    'drop.0.belowSeverity: one of DEBUG, INFO, WARN, ERROR, FATAL',
  ],
  [
    { drop: [{ signal: 'metrics', names: [] }] },
    'drop.0.names: at least one name; * matches anything',
  ],
  [{ drop: [{ signal: 'traces', names: [''] }] }, 'drop.0.names.0: a name; * matches anything'],
  [{ sampling: { mode: 'random', keep: '1%' } }, 'sampling.mode: one of none, head, tail'],
  [
    { sampling: { mode: 'head' } },
    'sampling.keep: a percentage above 0% and below 100%, such as 5% or 99.5%',
  ],
  [
    { sampling: { mode: 'tail', keep: 10 } },
    'sampling.keep: a percentage above 0% and below 100%, such as 5% or 99.5%',
  ],
  [
    { sampling: { mode: 'tail', keep: '10%', decisionWait: '2m' } },
    'sampling.decisionWait: a duration in s, such as 10s',
  ],
  [
    { sampling: { mode: 'tail', keep: '10%', decisionWait: '90s' } },
    'sampling.decisionWait: at most 60s',
  ],
  [
    { sampling: { mode: 'tail', keep: '10%', maxTraces: 10 } },
    'sampling.maxTraces: a whole number from 100 to 1000000',
  ],
  [{ redact: { mask: ['phone'] } }, 'redact.mask.0: one of email, card, token'],
  ...['(', 'a(?=b)', '(a)\\1', '^a', 'a$', ''].map((pattern): [object, string] => [
    { redact: { patterns: [pattern] } },
    'redact.patterns.0: a regular expression that RE2 accepts, without ^, $, lookaround and back references',
  ]),
  [
    { redact: { hash: ['user.id'], hashKey: 'HASH_KEY' } },
    'secret: the name of the Secret with the key HASH_KEY',
  ],
  [
    { transform: { traces: ['span.name = "x"'] } },
    'transform.traces.0: an OTTL statement such as set(span.attributes["team"], "shop") where span.name == "GET /"',
  ],
])('%j is refused', (collector, message) => {
  expect(refusals(collector)).toEqual([`collector.${message}`]);
});

test.each([
  [{ sampling: { mode: 'none', keep: '10%' } }, 'sampling'],
  [{ sampling: { mode: 'head', keep: '10%', slow: '1s' } }, 'sampling'],
  [{ drop: [{ signal: 'logs', paths: ['/health'] }] }, 'drop.0'],
  [{ drop: [{ signal: 'traces', belowSeverity: 'WARN' }] }, 'drop.0'],
])('a key of another signal or mode is an unknown setting: %j', (collector, path) => {
  const { error } = settingsSchema.safeParse({ collector });
  expect(error?.issues).toMatchObject([
    { code: 'unrecognized_keys', path: ['collector', ...path.split('.').map(numberOrName)] },
  ]);
});

const numberOrName = (part: string) => (/^\d+$/.test(part) ? Number(part) : part);
