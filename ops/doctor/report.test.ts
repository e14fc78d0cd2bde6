import { summary } from './doctor.ts';
import type { Finding } from './model/finding.ts';
import { createReport, reportText } from './report.ts';

const cluster = {
  target: { context: 'kind-mantis', namespace: 'observability' },
  snapshot: { workloads: [], pods: [] },
};
const time = { start: 0, end: 4200 };

const finding = (hop: string, status: Finding['status'], seen = ''): Finding => ({
  area: 'logs',
  hop,
  status,
  seen,
  suspects: ['loki'],
});

const failing = createReport(
  [
    finding('sender → otel-collector', 'ok', 'acknowledged'),
    finding('otel-collector → loki', 'failed', `not so\n${'x'.repeat(200)}`),
    finding('loki stores', 'skipped'),
  ],
  cluster,
  time,
);

test('a failed check is printed with its message, its cause and the next command', () => {
  const text = reportText(failing);
  expect(text).toContain('BROKEN  logs: otel-collector → loki');
  expect(text).toContain('cause loki is not deployed in namespace observability');
  expect(text).toContain('next  ./mantis deploy');
  expect(text).toContain('1 of 3 checks failed: 1 ok, 0 warning, 0 unknown, 1 skipped (4.2 s)');
  expect(summary(failing)).toMatch(/^broken: logs: otel-collector → loki: loki is not deployed/);
});

test('checks that failed for one cause are printed together', () => {
  const both = createReport(
    [finding('a → loki', 'failed', 'one'), finding('b', 'failed', 'two')],
    cluster,
    time,
  );
  expect(reportText(both)).toMatch(
    /BROKEN {2}logs: a → loki\n {8}logs: b\n {2}seen {2}one\n {2}cause/,
  );
  expect(both.broken).toHaveLength(2);
});

test('a report says where the doctor ran', () => {
  const inside = createReport([], { ...cluster, from: 'inside' }, time);
  expect([failing.from, inside.from]).toEqual(['outside', 'inside']);
  expect(reportText(failing)).toContain('seen from this machine');
  expect(reportText(inside)).toContain('seen from a pod of it');
});

test('each row of the table is one line, however long the message is', () => {
  const [row] = reportText(failing)
    .split('\n')
    .filter((line) => line.includes('FAILED'));
  expect(row).toMatch(/not so x+…$/);
});

test('a report without failures is healthy, even with unknown checks', () => {
  const healthy = createReport([finding('a', 'ok'), finding('b', 'unknown')], cluster, time);
  expect(healthy).toMatchObject({ healthy: true, broken: [] });
  expect(reportText(healthy)).toContain('all is well: 1 ok, 0 warning, 1 unknown, 0 skipped');
});

test('the JSON report has every check once', () => {
  expect(JSON.parse(JSON.stringify(failing))).toEqual(failing);
  expect(failing.checks.map(({ hop }) => hop)).toHaveLength(3);
});

test('a warning is printed with its cause', () => {
  const warning = {
    ...finding('discarded by loki', 'warning', 'rate_limited 7'),
    cause: 'too many',
  };
  const text = reportText(createReport([warning], cluster, time));
  expect(text).toContain(
    'WARNING logs: discarded by loki\n  seen  rate_limited 7\n  cause too many',
  );
  expect(text).toContain('all is well: 0 ok, 1 warning');
});
