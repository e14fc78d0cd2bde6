import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { retryUntil } from '../../ops/process/retry.ts';

/** sshd must be started by its full path, which is often not on PATH. */
const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
const program = places
  .map((place) => join(place, 'sshd'))
  .find((path) => spawnSync(path, ['-V']).error === undefined);

export const hasSshd = program !== undefined;

/** An SSH server on this machine, for the current user and a new key. */
export interface SshServer {
  /** The value for --ssh. */
  readonly host: string;
  /** Variables for a command whose ssh has the key and the host key, and whose local kubectl fails. */
  readonly variables: Readonly<Record<string, string>>;
  /** The same without one of the two. */
  readonly without: (what: 'key' | 'host') => Readonly<Record<string, string>>;
  readonly stop: () => void;
}

/**
 * Starts sshd on a free port.
 *
 * @param path PATH of the sessions @default - that of this process
 */
export async function startSshServer(path = process.env.PATH ?? ''): Promise<SshServer> {
  if (program === undefined) throw new Error('there is no sshd');
  const directory = mkdtempSync(join(tmpdir(), 'mantis-sshd-'));
  const file = (name: string) => join(directory, name);
  for (const key of ['host', 'key', 'other']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
  }
  copyFileSync(file('key.pub'), file('authorized'));
  const port = await freePort();
  const kubeconfig = process.env.KUBECONFIG;
  const own = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    `SetEnv PATH="${path}"${kubeconfig === undefined ? '' : ` KUBECONFIG="${kubeconfig}"`}`,
  ];
  writeFileSync(file('sshd_config'), `${own.join('\n')}\n`);
  const child: ChildProcess = spawn(program, ['-D', '-e', '-f', file('sshd_config')], {
    stdio: 'ignore',
  });
  await retryUntil('sshd', () => requireListening(port), { timeoutSeconds: 10, intervalMs: 100 });
  const [type, key] = execFileSync('cat', [file('host.pub')], { encoding: 'utf8' }).split(' ');
  writeFileSync(file('known'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  const user = (name: string, identity: string, known: string) => {
    const bin = file(name);
    mkdirSync(bin);
    const flags = `-F none -i ${file(identity)} -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile=${file(known)}`;
    script(join(bin, 'ssh'), `exec ${ssh} ${flags} "$@"`);
    script(join(bin, 'kubectl'), 'echo "the local kubectl must not be used" >&2; exit 1');
    return { PATH: `${bin}${delimiter}${process.env.PATH}` };
  };
  const withoutOne = {
    key: user('without-key', 'other', 'known'),
    host: user('without-host', 'key', 'unknown'),
  };
  return {
    host: `${userInfo().username}@127.0.0.1:${port}`,
    variables: user('bin', 'key', 'known'),
    without: (what) => withoutOne[what],
    stop: () => child.kill(),
  };
}

const ssh = spawnSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).stdout.trim();

function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** A PATH with a shell, and with a kubectl if its script is given. */
export function barePath(kubectl?: string): string {
  const bin = mkdtempSync(join(tmpdir(), 'mantis-bin-'));
  for (const name of ['sh', 'cat']) symlinkSync(join('/bin', name), join(bin, name));
  if (kubectl !== undefined) script(join(bin, 'kubectl'), kubectl);
  return bin;
}

function requireListening(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
