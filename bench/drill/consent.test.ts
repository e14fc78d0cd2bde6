import { isLoopback, refusal } from './consent.ts';

test('on the local cluster the drill may run', () => {
  expect(refusal(true, 'observability', {})).toBeUndefined();
});

test('elsewhere only under the name of what it deletes', () => {
  expect(refusal(false, 'observability', { yes: true })).toMatch(/not the local kind cluster/);
  expect(refusal(false, 'observability', { yesDeleteEverything: 'other' })).toMatch(/not "other"/);
  const consent = { yesDeleteEverything: 'observability' };
  expect(refusal(false, 'observability', consent)).toBeUndefined();
});

test.each([
  ['https://127.0.0.1:43211', true],
  ['https://localhost:6443', true],
  ['https://[::1]:6443', true],
  ['https://127.0.0.1.example.com', false],
  ['https://api.prod.example.com:6443', false],
  ['', false],
])('%s is on this machine: %s', (server, local) => {
  expect(isLoopback(server)).toBe(local);
});
