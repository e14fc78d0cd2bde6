import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LogLine } from './in-process.ts';

/** The app in its own process, with OpenTelemetry loaded as in the image. */
export interface AppProcess {
  readonly url: string;
  readonly lines: LogLine[];
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
  /** Waits for the exit. @returns the exit code */
  end(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

export async function startApp(
  env: Record<string, string>,
  imports: readonly string[] = [],
): Promise<AppProcess> {
  const child = runServer({ PORT: '0', ADMIN_PORT: '0', ...env }, imports);
  const lines: LogLine[] = [];
  const exited = once(child, 'exit');
  const closed = once(child, 'close');
  const port = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (text) => {
      const line: LogLine = JSON.parse(text);
      lines.push(line);
      const role = env.ROLE === 'all' ? 'shop' : env.ROLE;
      if (line.message === 'listening' && line.role === role) resolve(line.port);
    });
    exited.then(([code]) => reject(new Error(`the app ended with ${code} before it listened`)));
  });
  const app: AppProcess = {
    url: `http://127.0.0.1:${port}`,
    lines,
    async stop() {
      child.kill('SIGTERM');
      return app.end();
    },
    async end() {
      const [code] = await exited;
      await closed;
      return code;
    },
  };
  return app;
}

/** Runs the app until it exits. @returns its exit code and stderr */
export async function runToEnd(env: Record<string, string>) {
  const child = runServer(env);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}

/** For `afterAll`: a failed test must not leave a process behind. */
export function killApps(): void {
  for (const child of running) child.kill('SIGKILL');
}

function runServer(env: Record<string, string>, imports: readonly string[] = []) {
  const loaded = ['tsx', './telemetry.ts', ...imports].flatMap((name) => ['--import', name]);
  const args = [...loaded, 'server.ts'];
  const child = spawn(process.execPath, args, {
    // Jest runs tests as CommonJS, so there is no import.meta.
    cwd: `${__dirname}/..`,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.pipe(process.stderr);
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}
