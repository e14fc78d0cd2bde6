import { consentError } from './consent.ts';
import { parseFuzz } from './options.ts';

test('only the local kind cluster may be used, and only when confirmed', () => {
  expect(consentError(true, 'kind-mantis', true)).toBeUndefined();
  expect(consentError(true, 'kind-mantis')).toMatch(/kind-mantis: add --yes/);
  expect(consentError(false, 'prod', true)).toMatch(/prod is not the local kind cluster/);
});

test.each([
  [{ seed: 'x', requests: '1' }, '--seed must be a whole number from 0 to 999999, got "x"'],
  [{ seed: '1', requests: '0' }, '--requests must be a whole number from 1 to 100000, got "0"'],
])('%j is an error', (given, message) => {
  expect(() => parseFuzz(given)).toThrow(message);
});
