import { judge } from './external-access.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const inDays = (days: number) => now + days * 86_400_000 + 1000;

test.each([
  ['a missing credential', { notAfter: inDays(30), status: 401 }],
  [
    'a missing client certificate',
    { notAfter: inDays(30), error: 'tlsv13 alert certificate required' },
  ],
])('%s that is refused is as it should be', (_, refusal) => {
  expect(judge(refusal, now)).toBe(
    'TLS and a credential are required; the certificate expires in 30 days',
  );
});

test.each([
  ['plain text', { error: 'wrong version number' }, 'no TLS connection: wrong version number'],
  [
    'a port that lets everybody in',
    { notAfter: inDays(30), status: 200 },
    'a request without a credential is not refused with 401: answered 200',
  ],
  [
    'a closed connection',
    { notAfter: inDays(30), error: 'socket hang up' },
    'a request without a credential is not refused with 401: socket hang up',
  ],
  [
    'an expired certificate',
    { notAfter: inDays(-2), status: 401 },
    'its certificate expired 2 days ago',
  ],
])('%s is a failure', (_, refusal, message) => {
  expect(() => judge(refusal, now)).toThrow(message);
});

test('a certificate that expires soon is a warning', () => {
  expect(judge({ notAfter: inDays(13), status: 401 }, now)).toMatchObject({ status: 'warning' });
});
