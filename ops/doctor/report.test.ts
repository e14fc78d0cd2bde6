import { summary } from './doctor.ts';
import type { Finding } from './model/finding.ts';
import { report, reportText } from './report.ts';

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

const ill = report(
  [
    finding('sender → otel-collector', 'ok', 'acknowledged'),
    finding('otel-collector → loki', 'failed', `not so\n${'x'.repeat(200)}`),
    finding('loki stores', 'skipped'),
  ],
  cluster,
  time,
);

test('a broken hop is named with what was seen, its cause and the next command', () => {
  const text = reportText(ill);
  expect(text).toContain('BROKEN  logs: otel-collector → loki');
  expect(text).toContain('cause loki is not deployed in namespace observability');
  expect(text).toContain('next  make deploy');
  expect(text).toContain('1 of 3 checks failed: 1 ok, 0 warning, 0 unknown, 1 skipped (4.2 s)');
  expect(summary(ill)).toMatch(/^broken: logs: otel-collector → loki: loki is not deployed/);
});

test('hops that are broken for one reason are told together', () => {
  const both = report(
    [finding('a → loki', 'failed', 'one'), finding('b', 'failed', 'two')],
    cluster,
    time,
  );
  expect(reportText(both)).toMatch(
    /BROKEN {2}logs: a → loki\n {8}logs: b\n {2}seen {2}one\n {2}cause/,
  );
  expect(both.broken).toHaveLength(2);
});

test('a report says where it was looked from', () => {
  const inside = report([], { ...cluster, from: 'inside' }, time);
  expect([ill.from, inside.from]).toEqual(['outside', 'inside']);
  expect(reportText(ill)).toContain('seen from this machine');
  expect(reportText(inside)).toContain('seen from a pod of it');
});

test('a row of the table is one line, however long what was seen is', () => {
  const [row] = reportText(ill)
    .split('\n')
    .filter((line) => line.includes('FAILED'));
  expect(row).toMatch(/not so x+…$/);
});

test('all is well when nothing failed, whatever is unknown', () => {
  const well = report([finding('a', 'ok'), finding('b', 'unknown')], cluster, time);
  expect(well).toMatchObject({ healthy: true, broken: [] });
  expect(reportText(well)).toContain('all is well: 1 ok, 0 warning, 1 unknown, 0 skipped');
});

test('the document for machines has every check once, and survives JSON', () => {
  expect(JSON.parse(JSON.stringify(ill))).toEqual(ill);
  expect(ill.checks.map(({ hop }) => hop)).toHaveLength(3);
});
