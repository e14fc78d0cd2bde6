import { parseFindings } from './doctor-job.ts';
import type { Finding } from './model/finding.ts';

const finding: Finding = {
  area: 'logs',
  hop: 'loki stores',
  suspects: ['loki'],
  status: 'failed',
  seen: 'no such line',
};

test('the last line of the log is the report', () => {
  const log = `(node:1) Warning: something\n${JSON.stringify([finding])}\n`;
  expect(parseFindings(log)).toEqual([finding]);
});

test.each([
  ['', 'its log is empty'],
  ['Error: Cannot find module\n    at x', 'Cannot find module'],
  [JSON.stringify([{ ...finding, area: 'elsewhere' }]), 'elsewhere'],
  ['[{"area":"logs"', 'area'],
])('the log %j has no report, and its end is shown', (log, words) => {
  expect(() => parseFindings(log)).toThrow(/printed no report/);
  expect(() => parseFindings(log)).toThrow(words);
});
