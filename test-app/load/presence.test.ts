import { Presence } from './presence.ts';

function changesAfter(answers: readonly boolean[]): string[] {
  const changes: string[] = [];
  const presence = new Presence((away) => changes.push(away ? 'away' : 'back'));
  for (const answered of answers) presence.asked(answered);
  return changes;
}

const [yes, no] = [true, false];

test('a shop that is away is told of once, and once when it is back', () => {
  expect(changesAfter([yes, no, no, no, no, no, no])).toEqual(['away']);
  expect(changesAfter([no, no, no, no, yes, yes, yes])).toEqual(['away', 'back']);
});

test('a request that gets lost now and then is nothing to tell of', () => {
  expect(changesAfter([no, no, yes, no, yes, no, no, yes])).toEqual([]);
});
