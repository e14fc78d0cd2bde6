import { type ChildProcess, spawn } from 'node:child_process';
import { kubectlCommand, type Target, targetArgs } from '../cluster/kubectl.ts';
import { UserError } from '../process/errors.ts';
import { isInterruptible } from '../process/interruptible.ts';
import { missingTool } from '../process/run.ts';
import { openTunnel, sshCommandUntilDisconnect } from '../process/ssh.ts';

/** A port of this machine that is forwarded to a Service or a pod. */
export interface Forward {
  readonly url: string;
  readonly port: number;
  /** Settles when the connection has ended, on either side. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export interface ForwardRequest {
  readonly resource: `service/${string}` | `pod/${string}` | `statefulset/${string}`;
  readonly remotePort: number;
  /** @default - any free port */
  readonly localPort?: number;
  /** How long to wait for a running pod. @default 60, as kubectl */
  readonly podRunningTimeoutSeconds?: number;
}

const running = new Set<ChildProcess>();
// kubectl would keep forwarding after this process has exited.
process.once('exit', () => {
  for (const child of running) child.kill();
});

/** Forwards a port with `kubectl port-forward`, which NetworkPolicies do not restrict. */
export async function forward(target: Target, request: ForwardRequest): Promise<Forward> {
  const { ssh } = target;
  if (ssh === undefined) return forwardByKubectl(target, request);
  // kubectl listens on a free port of the other machine, to which ssh forwards a local one.
  const { localPort, ...rest } = request;
  const remote = await forwardByKubectl(target, rest);
  try {
    const tunnel = await openTunnel(ssh, remote.port, localPort);
    const { port } = tunnel;
    const close = async () => {
      await tunnel.close();
      await remote.close();
    };
    // When the pod ends, the local port has to be free for the next connection.
    const closed = remote.closed.then(() => tunnel.close());
    return { url: `http://127.0.0.1:${port}`, port, closed, close };
  } catch (error) {
    await remote.close();
    throw error;
  }
}

function forwardByKubectl(target: Target, request: ForwardRequest): Promise<Forward> {
  const { resource, remotePort, localPort, podRunningTimeoutSeconds = 60 } = request;
  const pair = `${localPort ?? ''}:${remotePort}`;
  const wait = `--pod-running-timeout=${podRunningTimeoutSeconds}s`;
  const args = ['port-forward', '--address=127.0.0.1', wait, resource, pair];
  const { ssh } = target;
  const command =
    ssh === undefined
      ? kubectlCommand(target, args)
      : sshCommandUntilDisconnect(ssh, ['kubectl', ...targetArgs(target), ...args]);
  return new Promise((resolve, reject) => {
    const child = spawn(...command, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: isInterruptible(),
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
    child.once('error', (error) => reject(missingTool(command[0], error)));
    child.stdin.on('error', () => {});
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

/** Parses the local port in `Forwarding from 127.0.0.1:41234 -> 3100`. */
export function forwardedPort(output: string): number | undefined {
  const [, port] = /Forwarding from 127\.0\.0\.1:(\d+) ->/.exec(output) ?? [];
  return port === undefined ? undefined : Number(port);
}
