import type { SettingsInput } from '../../lib/schema.ts';
import { settingsOf } from '../../test/synthesized.ts';
import { hex } from '../stores/tempo.ts';
import { newTraceContext } from '../stores/tracked-request.ts';
import { anyRisen, mayDropLog } from './smoke-test.ts';

const sample = (pod: string, value: number) => ({ labels: { route: '/', pod }, value });

test.each([
  ['the same', [sample('a', 3)], [sample('a', 3)], false],
  ['risen', [sample('a', 3)], [sample('a', 4)], true],
  ['the first one', [], [sample('a', 1)], true],
  ['a new pod after an old one has ended', [sample('a', 30)], [sample('b', 1)], true],
  ['a new pod that has counted nothing', [sample('a', 3)], [sample('b', 0)], false],
  ['gone', [sample('a', 3)], [], false],
])('a request is counted or not: %s', (_what, before, now, expected) => {
  expect(anyRisen(before, now)).toBe(expected);
});

test('a trace context is valid, sampled, its own, and without leading zeros', () => {
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
  expect(hex(id)).toBe(expected);
});

type Rules = NonNullable<SettingsInput['collector']>['drop'];

test.each<[Rules, boolean]>([
  [[], false],
  [[{ signal: 'traces', paths: ['/health'] }], false],
  [[{ signal: 'logs', below: 'WARN', services: ['legacy'] }], false],
  [[{ signal: 'logs', below: 'WARN', services: ['legacy', 'sh*'] }], true],
  [[{ signal: 'logs', below: 'WARN', services: ['shop'] }], true],
  [[{ signal: 'logs', below: 'WARN' }], true],
])('after %j a line of the shop may be missing: %s', (drop, expected) => {
  const { collector } = settingsOf({ collector: { drop } });
  expect(mayDropLog(collector.drop)).toBe(expected);
});
