import { adminSecret } from '../../lib/grafana/grafana.ts';
import { newAdminSecret, passwordCommand } from './secret.ts';

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

test('the command that prints the password names context and namespace', () => {
  const command = passwordCommand({ context: 'kind-mantis', namespace: 'observability' });
  expect(command).toContain(
    '--context kind-mantis --namespace observability get secret grafana-admin',
  );
});
