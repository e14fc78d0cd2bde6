import type { SettingsInput } from '../../lib/schema.ts';
import { settingsOf } from '../../test/synthesized.ts';
import { toHexId } from '../stores/tempo.ts';
import { newTraceContext } from '../stores/tracked-request.ts';
import { anyIncreased, mayDropShopLogs } from './smoke-test.ts';

const sample = (pod: string, value: number) => ({ labels: { route: '/', pod }, value });

test.each([
  ['the same', [sample('a', 3)], [sample('a', 3)], false],
  ['increased', [sample('a', 3)], [sample('a', 4)], true],
  ['the first sample', [], [sample('a', 1)], true],
  ['a new pod after an old one has ended', [sample('a', 30)], [sample('b', 1)], true],
  ['a new pod without requests', [sample('a', 3)], [sample('b', 0)], false],
  ['no series any more', [sample('a', 3)], [], false],
])('a request is counted or not: %s', (_what, before, now, expected) => {
  expect(anyIncreased(before, now)).toBe(expected);
});

test('a trace context is valid, sampled, unique, and without leading zeros', () => {
  const { traceparent, traceId } = newTraceContext();
  expect(traceparent).toMatch(/^00-[1-9a-f][0-9a-f]{31}-[1-9a-f][0-9a-f]{15}-01$/);
  expect(traceparent).toContain(traceId);
  expect(newTraceContext().traceId).not.toBe(traceId);
});

test.each([
  ['p70L07I2QlY=', 'a7bd0bd3b2364256'],
  ['a7bd0bd3b2364256', 'a7bd0bd3b2364256'],
  ['', ''],
])('span id %j is %j in hex', (id, expected) => {
  expect(toHexId(id)).toBe(expected);
});

type Rules = NonNullable<SettingsInput['collector']>['drop'];

test.each<[Rules, boolean]>([
  [[], false],
  [[{ signal: 'traces', paths: ['/health'] }], false],
  [[{ signal: 'logs', belowSeverity: 'WARN', services: ['legacy'] }], false],
  [[{ signal: 'logs', belowSeverity: 'WARN', services: ['legacy', 'sh*'] }], true],
  [[{ signal: 'logs', belowSeverity: 'WARN', services: ['shop'] }], true],
  [[{ signal: 'logs', belowSeverity: 'WARN' }], true],
])('rules %j may drop log lines of the shop: %s', (drop, expected) => {
  const { collector } = settingsOf({ collector: { drop } });
  expect(mayDropShopLogs(collector.drop)).toBe(expected);
});
