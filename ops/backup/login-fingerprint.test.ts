import { adminSecret } from '../../lib/grafana/grafana.ts';
import { fingerprintLogin, matchesLogin } from './login-fingerprint.ts';

const secret = {
  [adminSecret.user]: 'admin',
  [adminSecret.password]: 'one',
  [adminSecret.secretKey]: 'two',
};

test('the same Secret matches, and each fingerprint has its own salt', () => {
  const login = fingerprintLogin(secret);
  expect(matchesLogin(login, secret)).toBe(true);
  expect(login.hash).not.toBe(fingerprintLogin(secret).hash);
});

test.each([adminSecret.password, adminSecret.secretKey])('another %s does not match', (key) => {
  expect(matchesLogin(fingerprintLogin(secret), { ...secret, [key]: 'three' })).toBe(false);
});
