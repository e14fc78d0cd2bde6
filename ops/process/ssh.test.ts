import { execFileSync } from 'node:child_process';
import { typed } from '../cluster/kubectl.ts';
import { CommandError } from './run.ts';
import { explainSsh, parseSshHost, shellWords } from './ssh.ts';

test.each([
  ['ann@bastion', { name: 'ann@bastion' }],
  ['ann@10.0.0.7:2222', { name: 'ann@10.0.0.7', port: 2222 }],
  ['prod', { name: 'prod' }],
  ['ann@[2001:db8::1]:22', { name: 'ann@2001:db8::1', port: 22 }],
])('%s is a host', (written, host) => {
  expect(parseSshHost(written)).toEqual(host);
});

test.each(['-oProxyCommand=x', 'ann@-x', 'a b', 'host:', 'host:70000', '', 'ann@'])(
  '%j is no host, and nothing that ssh gets to see',
  (written) => {
    expect(() => parseSshHost(written)).toThrow('--ssh must be user@host or user@host:port');
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
])('a shell gives back the very words', (...words) => {
  const args = ['-c', `printf '%s\\n' ${shellWords(words)}`];
  expect(execFileSync('sh', args, { encoding: 'utf8' })).toBe(`${words.join('\n')}\n`);
});

const via = { written: 'ann@bastion:2222', name: 'ann@bastion', port: 2222, socket: '/tmp/ssh' };

test('a command to type is one that ssh takes', () => {
  const target = { context: 'prod', namespace: 'observability', via };
  expect(typed(target, ['get', 'pods', '-o', 'a b'])).toBe(
    `ssh -p 2222 ann@bastion 'kubectl --context prod --namespace observability get pods -o '\\''a b'\\'''`,
  );
});

test.each([
  [
    255,
    'Host key verification failed.',
    /key is not known here: connect once by hand \(ssh -p 2222 ann@bastion\)/,
  ],
  [
    255,
    'WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.',
    /another than last time/,
  ],
  [255, 'ann@bastion: Permission denied (publickey).', /takes none of your keys/],
  [255, 'ssh: Could not resolve hostname bastion: Name or service not known', /correct its name/],
  [
    255,
    'ssh: connect to host bastion port 2222: Connection refused',
    /see that "ssh -p 2222 ann@bastion" works/,
  ],
  [
    127,
    'sh: 1: kubectl: not found',
    /there is no kubectl on ann@bastion, port 2222: install it there/,
  ],
])('exit code %d and %j are explained in one line', (code, stderr, message) => {
  const explained = explainSsh(via, new CommandError('ssh', [], code, stderr));
  expect(explained?.message).toMatch(message);
  expect(explained?.message).not.toContain('\n');
});

test("kubectl's own failures are not ssh's", () => {
  expect(explainSsh(via, new CommandError('ssh', [], 1, 'Forbidden'))).toBeUndefined();
});
