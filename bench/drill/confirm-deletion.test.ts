import { consentError, isLoopback } from './confirm-deletion.ts';

test('the drill may run on the local cluster', () => {
  expect(consentError(true, 'observability', {})).toBeUndefined();
});

test('on another cluster the namespace has to be given', () => {
  expect(consentError(false, 'observability', { yes: true })).toMatch(/not the local kind cluster/);
  expect(consentError(false, 'observability', { yesDeleteEverything: 'other' })).toMatch(
    /not "other"/,
  );
  const consent = { yesDeleteEverything: 'observability' };
  expect(consentError(false, 'observability', consent)).toBeUndefined();
});

test.each([
  ['https://127.0.0.1:43211', true],
  ['https://localhost:6443', true],
  ['https://[::1]:6443', true],
  ['https://127.0.0.1.example.com', false],
  ['https://api.prod.example.com:6443', false],
  ['', false],
])('%s is a loopback address: %s', (server, local) => {
  expect(isLoopback(server)).toBe(local);
});
