import { Presence } from './presence.ts';

function changesAfter(answers: readonly boolean[]): string[] {
  const changes: string[] = [];
  const presence = new Presence((away) => changes.push(away ? 'away' : 'back'));
  for (const answered of answers) presence.asked(answered);
  return changes;
}

const [yes, no] = [true, false];

test('an outage is reported once, and its end once', () => {
  expect(changesAfter([yes, no, no, no, no, no, no])).toEqual(['away']);
  expect(changesAfter([no, no, no, no, yes, yes, yes])).toEqual(['away', 'back']);
});

test('single requests without a response are not reported', () => {
  expect(changesAfter([no, no, yes, no, yes, no, no, yes])).toEqual([]);
});
