import { CommandError } from '../process/run.ts';
import { explainApply } from './apply.ts';

const target = { context: 'kind-mantis', namespace: 'observability' };
const failure = (stderr: string) => new CommandError('kubectl', ['apply'], 1, stderr);

test.each([
  [
    'the API server',
    'The StatefulSet "x" is fine\nError from server (Invalid): StatefulSet.apps "loki" is invalid: spec: Forbidden: updates to statefulset spec for fields other than',
  ],
  [
    'kubectl',
    'The StatefulSet "loki" is invalid: spec: Forbidden: updates to statefulset spec for fields other than',
  ],
])(
  'a volume size that cannot change in place, in the words of %s, comes with the way out',
  (_who, stderr) => {
    const { message } = explainApply(target, failure(stderr));
    expect(message).toMatch(
      /^StatefulSet loki exists with another volume size, storage class, or field/,
    );
    expect(message).toContain('delete statefulset loki --cascade=orphan');
  },
);

test('what else cannot change in place is to be deleted, as it stores nothing', () => {
  const stderr =
    'The Deployment "shop" is invalid: spec.selector: Invalid value: {}: field is immutable';
  expect(explainApply(target, failure(stderr)).message).toMatch(
    /^Deployment shop exists .* It stores nothing: kubectl .* delete deployment shop, then run/,
  );
});

test('any other refusal stays what the API server said', () => {
  expect(explainApply(target, failure('admission webhook denied')).message).toContain('webhook');
});

test('a node port that another namespace holds names the way out', () => {
  const stderr =
    'The Service "grafana-http-node-port" is invalid: spec.ports[0].nodePort: Invalid value: 30300: provided port is already allocated';
  const error = explainApply(
    { context: 'kind-x', namespace: 'two' },
    new CommandError('kubectl', ['apply'], 1, stderr),
  );
  expect(error.message).toContain('node port 30300 is taken');
  expect(error.message).toContain('make kind-down');
});
