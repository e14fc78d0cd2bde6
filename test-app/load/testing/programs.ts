import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const running = new Set<ChildProcess>();

/** A program that runs, and all that it has printed. */
export interface Running {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly errors: string[];
  /** Its exit code and signal, after its last line. */
  ended(): Promise<[number | null, NodeJS.Signals | null]>;
}

export function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(program, args, {
    // The folder load/: jest runs tests as CommonJS, so there is no import.meta.
    cwd: join(__dirname, '..'),
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  const closed = once(child, 'close');
  return {
    child,
    lines: linesOf(child.stdout),
    errors: linesOf(child.stderr),
    async ended() {
      const [code, signal] = await closed;
      return [code, signal];
    },
  };
}

/** For `afterAll`: a failed test must not leave a process behind. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The path of a program on PATH or in a directory of MANTIS_BIN, undefined if there is none. */
export function findProgram(name: string): string | undefined {
  const directories = [process.env.MANTIS_BIN, process.env.PATH].join(delimiter).split(delimiter);
  return directories
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function linesOf(stream: NodeJS.ReadableStream): string[] {
  const lines: string[] = [];
  createInterface(stream).on('line', (line) => lines.push(line));
  return lines;
}
