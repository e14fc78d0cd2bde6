import { ports } from '../../../lib/model/topology.ts';
import { chosenStores, storeNames } from './stores.ts';

test('every store is a component', () => {
  expect(Object.keys(ports)).toEqual(expect.arrayContaining([...storeNames]));
});

test('without a choice it is all of them', () => {
  expect(chosenStores(undefined)).toEqual(storeNames);
});

test('a choice is made once each and in our order', () => {
  expect(chosenStores('prometheus, loki,loki')).toEqual(['loki', 'prometheus']);
});

test.each(['mimir', '', 'loki,', 'orders'])('--only %j is refused', (only) => {
  expect(() => chosenStores(only)).toThrow(/^--only: no such store: "/);
});
