import { parseFindings } from './inside.ts';
import type { Finding } from './model/finding.ts';

const finding: Finding = {
  area: 'logs',
  hop: 'loki stores',
  suspects: ['loki'],
  status: 'failed',
  seen: 'no such line',
};

test('the last line of a pod is its report', () => {
  const log = `(node:1) Warning: something\n${JSON.stringify([finding])}\n`;
  expect(parseFindings(log)).toEqual([finding]);
});

test.each([
  ['', 'it said nothing'],
  ['Error: Cannot find module\n    at x', 'Cannot find module'],
  [JSON.stringify([{ ...finding, area: 'elsewhere' }]), 'elsewhere'],
  ['[{"area":"logs"', 'area'],
])('a pod that says %j gave no report, and what it said is shown', (log, words) => {
  expect(() => parseFindings(log)).toThrow(/gave no report/);
  expect(() => parseFindings(log)).toThrow(words);
});
