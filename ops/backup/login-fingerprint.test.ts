import { adminSecret } from '../../lib/grafana/grafana.ts';
import { fingerprintLogin, matchesFingerprint } from './login-fingerprint.ts';

const secret = {
  [adminSecret.user]: 'admin',
  [adminSecret.password]: 'one',
  [adminSecret.secretKey]: 'two',
};

test('the same Secret matches, and each fingerprint has its own salt', () => {
  const login = fingerprintLogin(secret);
  expect(matchesFingerprint(login, secret)).toBe(true);
  expect(login.hash).not.toBe(fingerprintLogin(secret).hash);
});

test.each([adminSecret.password, adminSecret.secretKey])('another %s does not match', (key) => {
  expect(matchesFingerprint(fingerprintLogin(secret), { ...secret, [key]: 'three' })).toBe(false);
});
