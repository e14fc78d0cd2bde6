import { type Kept, outdated } from './retention.ts';
import { type StoreName, storeNames } from './stores.ts';

const made = (name: string, stores: readonly StoreName[] = storeNames): Kept => ({ name, stores });

test('as many as are to be kept are kept, the newest', () => {
  expect(
    outdated(
      ['c', 'a', 'd', 'b'].map((name) => made(name)),
      2,
    ),
  ).toEqual(['a', 'b']);
});

test('fewer than are to be kept lose none', () => {
  expect(outdated([made('a')], 1)).toEqual([]);
});

test('backups of one store never cost the last one of the others', () => {
  const backups = [made('a'), made('b', ['loki']), made('c', ['loki']), made('d', ['loki'])];
  expect(outdated(backups, 1)).toEqual(['b', 'c']);
});

test('a backup of all makes older ones of some needless', () => {
  expect(outdated([made('a', ['loki']), made('b')], 1)).toEqual(['a']);
});
