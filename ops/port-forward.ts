import { type ChildProcess, spawn } from 'node:child_process';
import { type Target, targetArgs } from './kubectl.ts';
import { missingTool } from './run.ts';
import { UserError } from './user-error.ts';

/** A connection from a port of this machine to a Service or a pod. */
export interface Forward {
  readonly url: string;
  readonly port: number;
  /** Settles when the connection has ended, on either side. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export interface ForwardRequest {
  /** As kubectl names it: `service/shop`, `pod/shop-0`. */
  readonly resource: `service/${string}` | `pod/${string}` | `statefulset/${string}`;
  readonly remotePort: number;
  /** @default - any free port */
  readonly localPort?: number;
  /** How long to wait for a pod that runs. @default 60, as kubectl has it */
  readonly podSeconds?: number;
}

const running = new Set<ChildProcess>();
// kubectl would go on forwarding after we are gone.
process.once('exit', () => {
  for (const child of running) child.kill();
});

/** Opens a connection with `kubectl port-forward`, which also passes NetworkPolicies. */
export function forward(target: Target, request: ForwardRequest): Promise<Forward> {
  const { resource, remotePort, localPort, podSeconds = 60 } = request;
  const pair = `${localPort ?? ''}:${remotePort}`;
  const wait = `--pod-running-timeout=${podSeconds}s`;
  const args = ['port-forward', '--address=127.0.0.1', wait, resource, pair];
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', [...targetArgs(target), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    let errors = '';
    const closed = new Promise<void>((settle) => {
      child.once('close', () => {
        running.delete(child);
        settle();
        reject(new UserError(`${resource} cannot be reached: ${errors.trim() || 'closed'}`));
      });
    });
    child.once('error', (error) => reject(missingTool('kubectl', error)));
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const port = forwardedPort(output);
      if (port === undefined) return;
      resolve({
        url: `http://127.0.0.1:${port}`,
        port,
        closed,
        close: () => {
          child.kill();
          return closed;
        },
      });
    });
  });
}

/** The local port in `Forwarding from 127.0.0.1:41234 -> 3100`. */
export function forwardedPort(output: string): number | undefined {
  const [, port] = /Forwarding from 127\.0\.0\.1:(\d+) ->/.exec(output) ?? [];
  return port === undefined ? undefined : Number(port);
}
