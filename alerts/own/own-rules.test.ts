import { ownRules, type RuleLanguage } from './own-rules.ts';

/** A rule file with one group, whose rules are indented by four spaces. */
const file = (rules: string, { path = 'rules/x.yaml', group = 'checkout' } = {}) => ({
  path,
  text: `groups:\n- name: ${group}\n  rules:\n${rules}\n`,
});

const mistakes = (rules: string, language: RuleLanguage = 'PromQL') =>
  ownRules(language, { files: [file(rules)] }, ['slo']).mistakes;

const good = `
  - alert: CheckoutSlow
    expr: |
      histogram_quantile(0.9, sum by (le) (rate(checkout_seconds_bucket[5m]))) > 2
    for: 1h30m
    keep_firing_for: 5m
    labels: { severity: page, tier: 1, on_call: true }
    annotations: { summary: "It takes {{ $value | humanizeDuration }}" }
  - record: checkout:requests:rate5m
    expr: sum(rate(checkout_requests_total[5m]))
    labels:
`;

test('a rule file becomes a file of its own, as it is written', () => {
  const own = file(good, { path: '../team/Checkout.rules.yml' });
  expect(ownRules('PromQL', { files: [own] }, ['slo'])).toEqual({
    files: [
      {
        name: 'team-checkout-rules',
        files: { 'own-team-checkout-rules.yaml': own.text },
        sources: ['../team/Checkout.rules.yml'],
      },
    ],
    mistakes: [],
  });
});

test.each([
  ['neither alert nor record', '  - expr: up', '4:5: groups.0.rules.0: got nothing, wanted either'],
  ['both', '  - { alert: A, record: b, expr: up }', '4:5: groups.0.rules.0: got {'],
  ['no query', '  - alert: A', '4:5: groups.0.rules.0.expr: got nothing, wanted a string'],
  [
    'an empty query',
    '  - alert: A\n    expr: ""',
    '5:11: groups.0.rules.0.expr: got "", wanted a q',
  ],
  [
    'an unknown key',
    '  - alert: A\n    exprs: up\n    expr: up',
    '5:5: groups.0.rules.0.exprs: no',
  ],
  ['no duration', '  - { alert: A, expr: up, for: 5 m }', '4:32: groups.0.rules.0.for: got "5 m"'],
  ['a number for a duration', '  - { alert: A, expr: up, for: 5 }', '4:32: groups.0.rules.0.for: '],
  [
    'a recording rule with a pending period',
    '  - { record: a, expr: up, for: 5m }',
    '4:33: groups.0.rules.0.for: got "5m", wanted none: only alerts have it',
  ],
  ['braces in a metric', '  - { record: "a{b}", expr: up }', '4:15: groups.0.rules.0.record: got'],
  [
    'the name of a metric as a label',
    '  - { alert: A, expr: up, labels: { __name__: a } }',
    '4:47: groups.0.rules.0.labels.__name__: got "__name__", wanted the name of a label',
  ],
  ['a list of labels', '  - { alert: A, expr: up, labels: [a] }', '4:35: groups.0.rules.0.labels:'],
  [
    'an unclosed template',
    '  - alert: A\n    expr: up\n    annotations:\n      summary: "{{ $value"',
    '7:16: groups.0.rules.0.annotations.summary: got "{{ $value", wanted a template',
  ],
  ['no rule', '  - A', '4:5: groups.0.rules.0: got "A", wanted a map'],
])('%s is refused by file, line and column', (_, rules, expected) => {
  const found = mistakes(rules);
  expect(found).toHaveLength(1);
  expect(found[0]?.slice(0, `rules/x.yaml:${expected}`.length)).toBe(`rules/x.yaml:${expected}`);
});

test.each(['', 'groups:', '- a', 'groups: []\nother: 1', 'groups: [{ rules: [] }]'])(
  'a file with the text %j is no rule file',
  (text) => {
    const own = { path: 'x.yaml', text };
    expect(ownRules('PromQL', { files: [own] }, []).mistakes).toHaveLength(1);
  },
);

test('a query that is not PromQL is refused at its place', () => {
  const text = '  - alert: A\n    expr: |\n      sum by (job) (\n        rate(x[5m]\n      ) > 1';
  expect(mistakes(text)).toEqual([
    'rules/x.yaml:8:12: A: not PromQL after: sum by (job) ( rate(x[5m] ) > 1',
  ]);
  expect(mistakes('  - { record: b, expr: "up{job=prometheus}" }')).toEqual([
    'rules/x.yaml:4:32: b: not PromQL after: up{job=',
  ]);
});

test('a query that is not LogQL, or selects lines, is refused', () => {
  const rule = (query: string) => mistakes(`  - alert: E\n    expr: ${query}`, 'LogQL');
  expect(rule('sum by (a) (count_over_time({a="b"} |= "x" [5m])) > 1')).toEqual([]);
  expect(rule('sum(rate({a="b"}[5m))')).toEqual([
    'rules/x.yaml:5:30: E: not LogQL after: sum(rate({a="b"}[5m',
  ]);
  expect(rule('\'{a="b"} |= "x"\'')).toEqual([
    'rules/x.yaml:5:12: E: wanted a metric query, such as count_over_time(… [5m]), not log lines',
  ]);
});

test('the name of a group is refused if another file or Mantis has it', () => {
  const rules = '  - { alert: A, expr: up }';
  const files = [
    file(rules),
    file(rules, { path: 'rules/y.yaml' }),
    file(rules, { path: 'rules/z.yaml', group: 'slo' }),
  ];
  expect(ownRules('PromQL', { files }, ['slo']).mistakes).toEqual([
    'rules/y.yaml:2:9: group checkout: wanted another name, because rules/x.yaml has a group of this name',
    'rules/z.yaml:2:9: group slo: wanted another name, because Mantis itself has a group of this name',
  ]);
});

test.each(['a_test.yaml', 'a.test.yml'])('%s is no rule file', (path) => {
  const own = { path: `rules/${path}`, text: 'tests: []' };
  expect(ownRules('PromQL', { files: [own] }, [])).toEqual({ files: [], mistakes: [] });
});
