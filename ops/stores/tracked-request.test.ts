import { toHexId } from './tempo.ts';
import { newTraceContext } from './tracked-request.ts';

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
