import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from './errors.ts';
import { CommandError, missingTool, run } from './run.ts';

/** A machine whose kubectl is used instead of the local one. */
export interface SshHost {
  readonly raw: string;
  /** As ssh takes it: `user@host`, or a name of ~/.ssh/config. */
  readonly name: string;
  /** @default - the port of ~/.ssh/config, or 22 */
  readonly port?: number;
  /** The control socket of the open connection, which every command shares. */
  readonly socket: string;
}

/**
 * Parses `user@host`, `user@host:2222` or `[2001:db8::1]:2222`.
 *
 * @throws UserError for anything else, and for what ssh would take as an option
 */
export function parseSshHost(raw: string): Pick<SshHost, 'name' | 'port'> {
  const [, user = '', v6, name, port] =
    /^([^-@\s[\]:][^@\s[\]:]*@)?(?:\[([0-9a-fA-F:.]+)\]|([^-@\s[\]:][^@\s[\]:]*))(?::(\d{1,5}))?$/.exec(
      raw,
    ) ?? [];
  const host = v6 ?? name;
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65535) {
    throw new UserError(`--ssh must be user@host or user@host:port, got "${raw}"`);
  }
  return { name: `${user}${host}`, ...(port !== undefined && { port: Number(port) }) };
}

function sshArgs({ name, port, socket }: SshHost, ...options: readonly string[]): string[] {
  const sshOptions = [
    // No password prompt; an unknown host key is an error.
    'BatchMode=yes',
    'ConnectTimeout=15',
    'ServerAliveInterval=15',
    // Overrides of ~/.ssh/config, which may be written for interactive sessions.
    'RequestTTY=no',
    'RemoteCommand=none',
    'ControlMaster=no',
    'ControlPersist=no',
    `ControlPath=${socket}`,
  ];
  const flags = sshOptions.flatMap((option) => ['-o', option]);
  return [...flags, ...(port === undefined ? [] : ['-p', String(port)]), ...options, '--', name];
}

export function sshCommand(host: SshHost, words: readonly string[]): [string, string[]] {
  return ['ssh', [...sshArgs(host), shellQuote(words)]];
}

/**
 * The same for a program that runs until it is stopped, such as `kubectl port-forward`. It would
 * outlive the ssh process; so the remote shell kills it when its standard input is closed.
 */
export function sshCommandUntilDisconnect(
  host: SshHost,
  words: readonly string[],
): [string, string[]] {
  const script = 'exec 3<&0; (cat <&3; kill $$) >/dev/null 2>&1 & exec 3<&-; exec "$@" </dev/null';
  return sshCommand(host, ['sh', '-c', script, 'sh', ...words]);
}

export function sshHint({ name, port }: SshHost, command: string): string {
  return `ssh ${port === undefined ? '' : `-p ${port} `}${name} ${command}`;
}

export function shellQuote(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** Why ssh itself failed, and what to do about it; undefined if the remote command failed. */
export function explainSshError(
  { name, port }: Pick<SshHost, 'name' | 'port'>,
  error: CommandError,
): UserError | undefined {
  const where = port === undefined ? name : `${name}, port ${port}`;
  const manually = `ssh ${port === undefined ? '' : `-p ${port} `}${name}`;
  if (error.code === 127) {
    return new UserError(
      `there is no kubectl on ${where}: install it there, on the PATH that "${manually} 'echo $PATH'" prints`,
    );
  }
  // ssh exits with 255 for errors of its own; kubectl never does.
  if (error.code !== 255) return undefined;
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(error.stderr)) {
    return new UserError(
      `the host key of ${where} has changed. If you know why, remove the old one with ssh-keygen -R; if not, do not connect`,
    );
  }
  const reason = error.stderr.trim().split('\n').at(-1)?.trim() || 'no output';
  return new UserError(
    `ssh cannot connect to ${where}: ${reason.replace(/[.:]+$/, '')}: make sure that "${manually}" works, and asks for nothing`,
  );
}

/** Opens the connection that every command over ssh shares. It is closed when this program exits. */
export async function connectSsh(raw: string): Promise<SshHost> {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const host = { raw, ...parseSshHost(raw), socket: join(directory, 'ssh') };
  const greeting = 'connected';
  // However this program exits, its end of the pipe is closed, which ends `cat` and ssh.
  const args = [...sshArgs(host, '-M'), `echo ${greeting}; exec cat`];
  await new Promise<void>((resolve, reject) => {
    // Detached from the terminal: Ctrl-C must not close the connection that a rollback needs.
    const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    let [output, errors] = ['', ''];
    child.once('error', (error) => reject(missingTool('ssh', error)));
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      if (!output.includes(greeting)) return;
      // The connection must not keep this program from exiting.
      child.unref();
      for (const pipe of [child.stdin, child.stdout, child.stderr]) unref(pipe);
      resolve();
    });
    child.once('close', (code) => {
      const error = new CommandError('ssh', [host.name], code, errors);
      reject(explainSshError(host, error) ?? error);
    });
  });
  return host;
}

/** Pipes of a child process keep the event loop alive. */
function unref(pipe: object): void {
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}

/**
 * Forwards a local port to a port of the host, through the open connection.
 *
 * @param localPort @default - any free port
 */
export async function openTunnel(host: SshHost, remotePort: number, localPort?: number) {
  const port = localPort ?? (await freePort());
  const pair = `127.0.0.1:${port}:127.0.0.1:${remotePort}`;
  const control = (command: string) => run('ssh', sshArgs(host, '-O', command, '-L', pair));
  try {
    await control('forward');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      `ssh cannot forward port ${port} to ${host.name}: ${error.stderr.trim()}: its sshd has to allow AllowTcpForwarding`,
    );
  }
  return {
    port,
    close: async () => {
      // A closed connection has closed the tunnel already.
      await control('cancel').catch(() => {});
    },
  };
}

/** A free local port, as ssh does not choose one. Another program may take it first, if rarely. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
