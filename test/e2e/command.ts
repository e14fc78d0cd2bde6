import { execFile, spawn } from 'node:child_process';
import { session } from './cluster.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** On the cluster under test, unless another context is named. */
function commandLine(args: readonly string[]): string[] {
  const where = args.includes('--context') ? [] : ['--context', session.target.context];
  return ['--import', 'tsx', 'ops/cli.ts', ...args, ...where];
}

/** Runs a command as a person or a script does, on the cluster under test. */
export function mantis(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const all = commandLine(args);
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...variables }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, all, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

export interface Started {
  /** What it has printed so far, on both outputs. */
  readonly output: () => string;
  readonly ended: Promise<Ended>;
  /** Sends a signal to all that it runs, as a terminal does. */
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Starts a command in a foreground of its own, to be interrupted. */
export function startMantis(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Started {
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
