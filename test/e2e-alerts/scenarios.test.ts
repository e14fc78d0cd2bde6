import { logAlerts, metricAlerts } from '../../alerts/index.ts';
import { settingsOf } from '../synthesized.ts';
import { broken, profile } from './profile.ts';
import { brokenFromTheStart, kills, rounds, unmade } from './scenarios.ts';
import { note, type Timeline } from './timeline.ts';

test('every alert is made to fire, or says why it cannot be', () => {
  const settings = settingsOf();
  const all = [...metricAlerts(settings), ...logAlerts(settings)].map(({ alert }) => alert);
  const made = [brokenFromTheStart, ...rounds.flat()].flatMap(({ alerts }) =>
    alerts.map(({ alert }) => alert),
  );
  expect([...made, ...Object.keys(unmade)].sort()).toEqual(all.sort());
});

test('a kill needs an alert that is pending for a while', () => {
  const { alerts } = profile(settingsOf());
  expect(kills.flat().every(({ whilePending }) => whilePending !== undefined)).toBe(true);
  // Looked at every two seconds.
  expect(alerts.stackFor.toSeconds()).toBeGreaterThanOrEqual(10);
});

test('the profile changes when alerts fire and who is told, and nothing of the user', () => {
  const own = settingsOf({ namespace: 'mine', collector: { storage: '1Gi' } });
  const settings = profile(own, broken);
  expect(settings.namespace).toBe('mine');
  expect(settings.collector.storage.asString()).toBe('1Gi');
  expect(settings.alerts.maxSeries).toBe(1000);
  expect(settings.alertmanager.receivers.map(({ name }) => name)).toEqual(['e2e', 'unwell']);
});

const labels = { alertname: 'A', severity: 'critical', component: 'app' };
const annotations = {
  summary: 'It is so',
  description: 'It is very much so',
  runbook_url: 'docs/runbooks/A.md',
  dashboard_url: 'http://localhost:3000/d/mantis-stack',
};
const told = (status: 'firing' | 'resolved', at: number, extra = {}) => ({
  at,
  alert: { status, labels, annotations: { ...annotations, ...extra } },
});
const moment = (at: number, received: ReturnType<typeof told>[]) => ({
  at,
  active: [{ labels, annotations, state: 'firing', activeAt: '' }],
  received,
  silenced: [],
});

test('what was told before the fault, or resolved before its end, does not count', () => {
  const line: Timeline = { expected: { alert: 'A' }, injected: 10 };
  note(line, moment(11, [told('firing', 5), told('resolved', 7)]));
  expect(line).toMatchObject({ firing: 11 });
  expect(line.arrived).toBeUndefined();
  note(line, moment(13, [told('firing', 12)]));
  line.cleared = 20;
  note(line, moment(21, [told('resolved', 15)]));
  expect(line).toMatchObject({ firing: 11, arrived: 12 });
  expect(line.resolved).toBeUndefined();
  note(line, moment(26, [told('resolved', 25)]));
  expect(line.resolved).toBe(25);
});

test.each([
  [{}, undefined],
  [{ runbook_url: '' }, 'lacks runbook_url'],
  [{ description: '{{ $labels.service }} fails' }, '{{ $labels.service }} fails'],
])('a notification with %j: %s', (extra, mistake) => {
  const line: Timeline = { expected: { alert: 'A' }, injected: 0 };
  note(line, moment(2, [told('firing', 1, extra)]));
  expect(line.mistake).toBe(mistake);
});
