import { adminSecret } from '../../lib/grafana/grafana.ts';
import { fingerprint, isSameLogin } from './login.ts';

const secret = {
  [adminSecret.user]: 'admin',
  [adminSecret.password]: 'one',
  [adminSecret.secretKey]: 'two',
};

test('a Secret is known again, and gives nothing away', () => {
  const login = fingerprint(secret);
  expect(isSameLogin(login, secret)).toBe(true);
  expect(login.hash).not.toBe(fingerprint(secret).hash);
});

test.each([adminSecret.password, adminSecret.secretKey])('another %s is noticed', (key) => {
  expect(isSameLogin(fingerprint(secret), { ...secret, [key]: 'three' })).toBe(false);
});
