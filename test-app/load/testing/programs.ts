import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const running = new Set<ChildProcess>();

/** A running program and its output. */
export interface Running {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly errors: string[];
  /** Its exit code and signal, when its output has ended. */
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

function linesOf(stream: NodeJS.ReadableStream): string[] {
  const lines: string[] = [];
  createInterface(stream).on('line', (line) => lines.push(line));
  return lines;
}
