import { OutageDetector } from './outage-detector.ts';

function changesAfter(answers: readonly boolean[]): string[] {
  const changes: string[] = [];
  const detector = new OutageDetector((unreachable) =>
    changes.push(unreachable ? 'unreachable' : 'reachable'),
  );
  for (const answered of answers) detector.recordRequest(answered);
  return changes;
}

const [yes, no] = [true, false];

test('an outage is reported once, and its end once', () => {
  expect(changesAfter([yes, no, no, no, no, no, no])).toEqual(['unreachable']);
  expect(changesAfter([no, no, no, no, yes, yes, yes])).toEqual(['unreachable', 'reachable']);
});

test('single requests without a response are not reported', () => {
  expect(changesAfter([no, no, yes, no, yes, no, no, yes])).toEqual([]);
});
