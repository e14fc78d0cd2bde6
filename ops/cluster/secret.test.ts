import { adminSecret } from '../../lib/grafana/grafana.ts';
import { metricsSecret } from '../../lib/grafana/outside/metrics-login.ts';
import { newAdminSecret, newMetricsSecret, passwordCommand } from './secret.ts';

test('the Secret has the keys that Grafana reads, with long random values', () => {
  const [one, other] = [newAdminSecret().stringData, newAdminSecret().stringData];
  expect(Object.keys(one).sort()).toEqual(
    [adminSecret.user, adminSecret.password, adminSecret.secretKey].sort(),
  );
  expect(one[adminSecret.password]).toMatch(/^[\w-]{24}$/);
  expect(one[adminSecret.secretKey]).toMatch(/^[\w-]{43}$/);
  expect(one[adminSecret.password]).not.toBe(other[adminSecret.password]);
  expect(one[adminSecret.secretKey]).not.toBe(other[adminSecret.secretKey]);
});

test('the password of the metrics is random, too', () => {
  const [one, other] = [newMetricsSecret().stringData, newMetricsSecret().stringData];
  expect(Object.keys(one)).toEqual([metricsSecret.password]);
  expect(one[metricsSecret.password]).toMatch(/^[\w-]{24}$/);
  expect(one[metricsSecret.password]).not.toBe(other[metricsSecret.password]);
});

test('the command that prints the password names context and namespace', () => {
  const command = passwordCommand({ context: 'kind-mantis', namespace: 'observability' });
  expect(command).toContain(
    '--context kind-mantis --namespace observability get secret grafana-admin',
  );
});
