import { ports } from '../../../lib/model/ports.ts';
import { storeNames } from '../../stores/stores.ts';
import { deployedStores, parseStores } from './parse-stores.ts';

test('every store is a service of the topology', () => {
  expect(Object.keys(ports)).toEqual(expect.arrayContaining([...storeNames]));
});

test('without --only all stores are selected', () => {
  expect(parseStores(undefined)).toEqual(storeNames);
});

test('--only gives each store once, in the order of storeNames', () => {
  expect(parseStores('prometheus, loki,loki')).toEqual(['loki', 'prometheus']);
});

test.each(['mimir', '', 'loki,', 'orders'])('--only %j is refused', (only) => {
  expect(() => parseStores(only)).toThrow(/^--only: no such store: "/);
});

test('external stores are left out, and refused where nothing else is left', () => {
  const external = { url: 'https://x.y', writeUrl: 'https://x.y', headers: {}, egress: [] };
  const settings = { loki: { external }, tempo: {} };
  expect(deployedStores(['loki', 'tempo'], settings)).toEqual(['tempo']);
  expect(() => deployedStores(['loki'], settings)).toThrow('loki: external');
});
