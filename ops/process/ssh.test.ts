import { execFileSync } from 'node:child_process';
import { kubectlHint } from '../cluster/kubectl.ts';
import { CommandError } from './run.ts';
import { explainSshError, parseSshHost, shellQuote } from './ssh.ts';

test.each([
  ['ann@bastion', { name: 'ann@bastion' }],
  ['ann@10.0.0.7:2222', { name: 'ann@10.0.0.7', port: 2222 }],
  ['prod', { name: 'prod' }],
  ['ann@[2001:db8::1]:22', { name: 'ann@2001:db8::1', port: 22 }],
])('%s is parsed', (raw, host) => {
  expect(parseSshHost(raw)).toEqual(host);
});

test.each(['-oProxyCommand=x', 'ann@-x', 'a b', 'host:', 'host:70000', '', 'ann@'])(
  '%j is refused before ssh is started',
  (raw) => {
    expect(() => parseSshHost(raw)).toThrow('--ssh must be user@host or user@host:port');
  },
);

test.each([
  [
    "it's",
    '$HOME',
    '`id`',
    'a b',
    '',
    '{"a": 1}',
    'x;y',
    '--output=json',
    "go-template={{index .data 'a'}}",
  ],
])('a shell passes on quoted words unchanged', (...words) => {
  const args = ['-c', `printf '%s\\n' ${shellQuote(words)}`];
  expect(execFileSync('sh', args, { encoding: 'utf8' })).toBe(`${words.join('\n')}\n`);
});

const ssh = { raw: 'ann@bastion:2222', name: 'ann@bastion', port: 2222, socket: '/tmp/ssh' };

test('a command line for ssh is quoted twice', () => {
  const target = { context: 'prod', namespace: 'observability', ssh };
  expect(kubectlHint(target, ['get', 'pods', '-o', 'a b'])).toBe(
    `ssh -p 2222 ann@bastion 'kubectl --context prod --namespace observability get pods -o '\\''a b'\\'''`,
  );
});

test.each([
  [
    255,
    'ssh: connect to host bastion port 2222: Connection refused',
    /Connection refused: make sure that "ssh -p 2222 ann@bastion" works, and asks for nothing/,
  ],
  [
    255,
    'WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.',
    /the host key of ann@bastion, port 2222 has changed.*do not connect/,
  ],
  [
    127,
    'sh: 1: kubectl: not found',
    /there is no kubectl on ann@bastion, port 2222: install it there/,
  ],
])('exit code %d and %j are explained in one line', (code, stderr, message) => {
  const explained = explainSshError(ssh, new CommandError('ssh', [], code, stderr));
  expect(explained?.message).toMatch(message);
  expect(explained?.message).not.toContain('\n');
});

test('a failure of kubectl is no failure of ssh', () => {
  expect(explainSshError(ssh, new CommandError('ssh', [], 1, 'Forbidden'))).toBeUndefined();
});
