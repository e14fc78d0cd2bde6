import { CommandError } from '../process/run.ts';
import { explainKubectlError, targetArgs } from './kubectl.ts';

const target = { context: 'kind-mantis', namespace: 'observability' };
const failure = (stderr: string) => new CommandError('kubectl', ['get', 'pods'], 1, stderr);

test('every call names its context and namespace', () => {
  expect(targetArgs(target)).toEqual(['--context', 'kind-mantis', '--namespace', 'observability']);
});

test.each([
  [
    'error: context "kind-mantis" does not exist',
    /no kubectl context kind-mantis: run .\/mantis kind-up/,
  ],
  [
    'Error in configuration: context was not found for specified context: kind-mantis',
    /no kubectl context kind-mantis/,
  ],
  [
    'The connection to the server 127.0.0.1:44489 was refused - did you specify the right host?',
    /cluster of context kind-mantis does not answer/,
  ],
])('%s is explained', (stderr, message) => {
  expect(explainKubectlError(target, failure(stderr)).message).toMatch(message);
});

test('any other error keeps the message of kubectl', () => {
  expect(explainKubectlError(target, failure('Forbidden')).message).toContain('Forbidden');
});
