import type { StoreName } from '../../stores/store.ts';
import { storeNames } from '../../stores/stores.ts';
import { expiredBackups } from './retention.ts';

const backupOf = (name: string, stores: readonly StoreName[] = storeNames) => ({
  name,
  manifest: { stores: Object.fromEntries(stores.map((store) => [store, {}])) },
});

test('the newest backups are kept', () => {
  expect(
    expiredBackups(
      ['c', 'a', 'd', 'b'].map((name) => backupOf(name)),
      2,
    ),
  ).toEqual(['a', 'b']);
});

test('no backup expires while there are fewer than the number to keep', () => {
  expect(expiredBackups([backupOf('a')], 1)).toEqual([]);
});

test('backups of one store do not expire the last backup of the others', () => {
  const backups = [backupOf('a'), ...['b', 'c', 'd'].map((name) => backupOf(name, ['loki']))];
  expect(expiredBackups(backups, 1)).toEqual(['b', 'c']);
});

test('a backup of all stores expires older ones of some', () => {
  expect(expiredBackups([backupOf('a', ['loki']), backupOf('b')], 1)).toEqual(['a']);
});
