import { account, ownRightsOf, rightsOf } from './rights-of.ts';

test('pods without an identity of their own may do what anybody may', async () => {
  expect(await rightsOf(account('default'))).toEqual(await rightsOf(account('nobody-at-all')));
});

test('Prometheus may read what it discovers and scrapes, and nothing else', async () => {
  expect(await ownRightsOf(account('prometheus'))).toEqual([
    ' nodes,pods get,list,watch',
    ' nodes/metrics get',
  ]);
});
