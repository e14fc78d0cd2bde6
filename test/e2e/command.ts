import { execFile, spawn } from 'node:child_process';
import { session } from './cluster.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function commandLine(args: readonly string[]): string[] {
  // These read backups, and no cluster.
  const [command, subcommand = ''] = args;
  const isLocal = command === 'backup' && ['list', 'verify'].includes(subcommand);
  const where = isLocal || args.includes('--context') ? [] : ['--context', session.target.context];
  return ['--import', 'tsx', 'ops/cli.ts', ...args, ...where];
}

/** Runs a command of the CLI, on the cluster under test unless `--context` is given. */
export function runMantis(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const all = commandLine(args);
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...variables }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, all, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

export interface RunningCommand {
  /** The output so far, of stdout and stderr. */
  readonly output: () => string;
  readonly ended: Promise<CommandResult>;
  /** Sends a signal to its process group, as a terminal does. */
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Starts a command in its own process group, to be interrupted. */
export function startMantis(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): RunningCommand {
  const all = commandLine(args);
  const child = spawn(process.execPath, all, {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  return {
    output: () => stdout + stderr,
    ended: new Promise((resolve) => {
      child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    }),
    signal: (name) => process.kill(-(child.pid ?? 0), name),
  };
}
