import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from './errors.ts';
import { CommandError, missingTool, run } from './run.ts';

/** A machine whose kubectl is used in the place of our own. */
export interface SshHost {
  /** What the user wrote. */
  readonly written: string;
  /** As ssh takes it: `user@host`, or a name of ~/.ssh/config. */
  readonly name: string;
  /** @default - what ssh itself takes */
  readonly port?: number;
  /** The socket of a connection that is open: what follows need not log in again. */
  readonly socket: string;
}

/**
 * Reads `user@host`, `user@host:2222` or `[2001:db8::1]:2222`.
 *
 * @throws UserError for what ssh would take as an option, or cannot be read
 */
export function parseSshHost(written: string): Pick<SshHost, 'name' | 'port'> {
  const [, user = '', v6, name, port] =
    /^([^-@\s[\]:][^@\s[\]:]*@)?(?:\[([0-9a-fA-F:.]+)\]|([^-@\s[\]:][^@\s[\]:]*))(?::(\d{1,5}))?$/.exec(
      written,
    ) ?? [];
  const host = v6 ?? name;
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65535) {
    throw new UserError(`--ssh must be user@host or user@host:port, got "${written}"`);
  }
  return { name: `${user}${host}`, ...(port !== undefined && { port: Number(port) }) };
}

/** What stands before a command that is to run there. */
function sshArgs({ name, port, socket }: SshHost, ...options: readonly string[]): string[] {
  const own = [
    // Nobody is asked for a password, and a host that is not known is refused as ssh always does.
    'BatchMode=yes',
    'ConnectTimeout=15',
    'ServerAliveInterval=15',
    // What ~/.ssh/config may say otherwise about sessions that a person opens.
    'RequestTTY=no',
    'RemoteCommand=none',
    'ControlMaster=no',
    'ControlPersist=no',
    `ControlPath=${socket}`,
  ];
  const flags = own.flatMap((option) => ['-o', option]);
  return [...flags, ...(port === undefined ? [] : ['-p', String(port)]), ...options, '--', name];
}

/** A program there, as one to be started here. */
export function overSsh(host: SshHost, words: readonly string[]): [string, string[]] {
  return ['ssh', [...sshArgs(host), shellWords(words)]];
}

/**
 * The same for a program that runs until it is told to stop. What runs there would outlive a
 * connection that is closed here; so it is killed when its standard input ends.
 */
export function untilClosed(host: SshHost, words: readonly string[]): [string, string[]] {
  const script = 'exec 3<&0; (cat <&3; kill $$) >/dev/null 2>&1 & exec 3<&-; exec "$@" </dev/null';
  return overSsh(host, ['sh', '-c', script, 'sh', ...words]);
}

/** A command as a person would have to type it. */
export function typedOverSsh({ name, port }: SshHost, command: string): string {
  return `ssh ${port === undefined ? '' : `-p ${port} `}${name} ${command}`;
}

/** Words for a POSIX shell, which sees them as they are. */
export function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** Why ssh itself failed, with what to do about it; nothing if it did not. */
export function explainSsh(
  { name, port }: Pick<SshHost, 'name' | 'port'>,
  error: CommandError,
): UserError | undefined {
  const where = port === undefined ? name : `${name}, port ${port}`;
  const byHand = `ssh ${port === undefined ? '' : `-p ${port} `}${name}`;
  if (error.code === 127) {
    return new UserError(
      `there is no kubectl on ${where}: install it there, on the PATH that "${byHand} 'echo $PATH'" prints`,
    );
  }
  // 255 is ssh's own; kubectl never ends with it.
  if (error.code !== 255) return undefined;
  const said = error.stderr.trim().split('\n').at(-1)?.trim() || 'it said nothing';
  return new UserError(
    `ssh cannot connect to ${where}: ${said.replace(/[.:]+$/, '')}: ${sshRemedy(error.stderr, byHand)}`,
  );
}

function sshRemedy(said: string, byHand: string): string {
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(said)) {
    return 'its key is another than last time. If you know why, remove the old one with ssh-keygen -R; if not, do not go on';
  }
  if (/Host key verification failed|No .* host key is known/.test(said)) {
    return `its key is not known here: connect once by hand (${byHand}) and compare its fingerprint`;
  }
  if (/Permission denied|Too many authentication failures/.test(said)) {
    return `it takes none of your keys, and nobody is asked for a password: see that "${byHand}" lets you in without one (ssh-add, ssh-copy-id)`;
  }
  if (/resolve hostname/i.test(said)) return 'correct its name';
  return `see that "${byHand}" works`;
}

/** Opens a connection that everything over ssh uses, and that ends with this program. */
export async function connectSsh(written: string): Promise<SshHost> {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const host = { written, ...parseSshHost(written), socket: join(directory, 'ssh') };
  const greeting = 'connected';
  // Its program ends when our end of the pipe is closed, however we end; ssh with it.
  const args = [...sshArgs(host, '-M'), `echo ${greeting}; exec cat`];
  await new Promise<void>((resolve, reject) => {
    // Not in the terminal's foreground: a Ctrl-C must not take the way back along.
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
      // It alone is no reason to go on living.
      child.unref();
      for (const pipe of [child.stdin, child.stdout, child.stderr]) unref(pipe);
      resolve();
    });
    child.once('close', (code) => {
      const error = new CommandError('ssh', [host.name], code, errors);
      reject(explainSsh(host, error) ?? error);
    });
  });
  return host;
}

/** The pipes of a child are sockets, which alone keep a program alive. */
function unref(pipe: object): void {
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}

export interface Tunnel {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Leads from a port of this machine to one of the host's own, through the open connection.
 *
 * @param localPort @default - any free port
 */
export async function openTunnel(
  host: SshHost,
  remotePort: number,
  localPort?: number,
): Promise<Tunnel> {
  const port = localPort ?? (await freePort());
  const pair = `127.0.0.1:${port}:127.0.0.1:${remotePort}`;
  const ask = (what: string) => run('ssh', sshArgs(host, '-O', what, '-L', pair));
  try {
    await ask('forward');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      `ssh cannot forward port ${port} to ${host.name}: ${error.stderr.trim()}: its sshd has to allow AllowTcpForwarding`,
    );
  }
  return {
    port,
    close: async () => {
      // Where the connection is gone, so is the tunnel.
      await ask('cancel').catch(() => {});
    },
  };
}

/** ssh does not choose a local port itself. Somebody else may take this one first, if rarely. */
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
