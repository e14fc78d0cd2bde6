import { type ChildProcess, spawn } from 'node:child_process';
import { UserError } from './errors.ts';
import { isInterruptible, trackRunning } from './interruptible.ts';
import { tools } from './tools.ts';

export class CommandError extends UserError {
  override readonly name: string = 'CommandError';
  readonly code: number | null;
  /** Standard output and standard error, as some programs print their errors to standard output. */
  readonly stderr: string;
  readonly stdout: string;

  constructor(
    command: string,
    args: readonly string[],
    code: number | null,
    stderr: string,
    stdout = '',
  ) {
    super(`${describeCommand(command, args)} ${describeExit(code)}: ${excerpt(stderr)}`);
    this.code = code;
    this.stderr = stderr;
    this.stdout = stdout;
  }
}

export interface RunOptions {
  /** Written to the program's standard input. @default - empty */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program and returns its standard output.
 *
 * @throws CommandError with its output if it fails, UserError if it is not installed
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return trackRunning(() => start(command, args, options));
}

/** Programs in the foreground, which receive Ctrl-C from the terminal as well. */
const attached = new Set<ChildProcess>();

// However this process exits, a program left running could recreate what cleanup steps delete.
process.once('exit', () => {
  for (const child of attached) child.kill();
});

function start(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const detached = isInterruptible();
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached,
    });
    if (!detached) attached.add(child);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => reject(missingTool(command, error)));
    child.on('close', (code) => {
      attached.delete(child);
      if (code === 0) resolve(text(stdout));
      else {
        const all = `${text(stdout)}\n${text(stderr)}`;
        reject(new CommandError(command, args, code, all, text(stdout)));
      }
    });
    // A program may exit before it has read everything; its exit code decides.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

/** The error of a program that could not be started, with where to get it. */
export function missingTool(command: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  const tool = tools.find(({ name }) => name === command);
  const where = tool === undefined ? '' : `: install it (${tool.install})`;
  return new UserError(`${command} is not on PATH${where} and run the command again`);
}

/** The program with its first arguments, without flags and their values. */
function describeCommand(command: string, args: readonly string[]): string {
  const words = args.filter((arg, index) => !arg.startsWith('-') && !takesValue(args[index - 1]));
  return [command, ...words.slice(0, 3)].join(' ');
}

function takesValue(flag: string | undefined): boolean {
  return flag !== undefined && ['--context', '--namespace', '-n', '-o', '-f', '-l'].includes(flag);
}

function describeExit(code: number | null): string {
  return code === null ? 'was killed' : `failed with exit code ${code}`;
}

/** The last lines, where programs print the reason. */
function excerpt(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-8).join('\n  ') || 'no output';
}
