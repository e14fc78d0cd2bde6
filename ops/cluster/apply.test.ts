import { CommandError } from '../process/run.ts';
import { explainApplyError } from './apply.ts';

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
])('an immutable volume size, as %s reports it, is an error with a remedy', (_who, stderr) => {
  const { message } = explainApplyError(target, failure(stderr));
  expect(message).toMatch(
    /^StatefulSet loki exists with another volume size, storage class or other immutable field/,
  );
  expect(message).toContain('delete statefulset loki --cascade=orphan');
});

test('the remedy for a changed immutable field of a workload without data is to delete the workload', () => {
  const stderr =
    'The Deployment "shop" is invalid: spec.selector: Invalid value: {}: field is immutable';
  expect(explainApplyError(target, failure(stderr)).message).toMatch(
    /^Deployment shop exists .* It stores nothing: kubectl .* delete deployment shop, then run/,
  );
});

test('any other error keeps the message of the API server', () => {
  expect(explainApplyError(target, failure('admission webhook denied')).message).toContain(
    'webhook',
  );
});

test('a node port that another namespace uses is an error with a remedy', () => {
  const stderr =
    'The Service "grafana-http-node-port" is invalid: spec.ports[0].nodePort: Invalid value: 30300: provided port is already allocated';
  const error = explainApplyError(target, failure(stderr));
  expect(error.message).toContain('node port 30300 is taken');
  expect(error.message).toContain('./mantis kind-down');
});
