import { explainApply } from './apply.ts';
import { CommandError } from './run.ts';

const target = { context: 'kind-mantis', namespace: 'observability' };
const failure = (stderr: string) => new CommandError('kubectl', ['apply'], 1, stderr);

test('a volume size that cannot change in place comes with the way out', () => {
  const { message } = explainApply(
    target,
    failure(
      'The StatefulSet "x" is fine\nError from server (Invalid): StatefulSet.apps "loki" is invalid: spec: Forbidden: updates to statefulset spec for fields other than',
    ),
  );
  expect(message).toMatch(/^StatefulSet loki exists with another volume size/);
  expect(message).toContain('delete statefulset loki --cascade=orphan');
});

test('any other refusal stays what the API server said', () => {
  expect(explainApply(target, failure('admission webhook denied')).message).toContain('webhook');
});
