import { z } from 'zod';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { session } from './cluster.ts';

export interface ConnectionTarget {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** `refused` means that the packets arrived and nothing listened. */
const outcome = z.enum(['open', 'refused', 'blocked']);

const probeResultSchema = z.object({
  connections: z.record(z.string(), outcome),
  /** Result of a write to the root file system of the container: `written` or an error code. */
  write: z.string(),
});

export type ProbeResult = z.output<typeof probeResultSchema>;

/** Runs in an ephemeral container, which shares the network and the processes of the target container. */
async function tryConnections(
  targets: readonly ConnectionTarget[],
  seconds: number,
): Promise<void> {
  // The test runner would transform an import.
  const { createConnection } = process.getBuiltinModule('node:net');
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  const connect = ({ name, host, port }: ConnectionTarget) =>
    new Promise<readonly [string, string]>((resolve) => {
      const socket = createConnection({ host, port });
      const end = (result: string) => {
        socket.destroy();
        resolve([name, result]);
      };
      socket.setTimeout(seconds * 1000, () => end('blocked'));
      socket.on('connect', () => end('open'));
      socket.on('error', (error: NodeJS.ErrnoException) =>
        end(error.code === 'ECONNREFUSED' ? 'refused' : 'blocked'),
      );
    });
  const connections = Object.fromEntries(await Promise.all(targets.map(connect)));
  let write = 'written';
  try {
    writeFileSync('/proc/1/root/written-by-a-test', '');
  } catch (error) {
    write = (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
  console.log(JSON.stringify({ connections, write }));
}

const ephemeral = z.object({
  status: z.object({
    ephemeralContainerStatuses: z
      .array(
        z.object({ name: z.string(), state: z.object({ terminated: z.unknown().optional() }) }),
      )
      .default([]),
  }),
});

/**
 * Tries connections from an ephemeral container of a pod, to which its NetworkPolicies apply. Works for
 * images without a shell too.
 */
export async function probeFrom(
  pod: string,
  container: string,
  targets: readonly ConnectionTarget[],
  namespace = session.target.namespace,
): Promise<ProbeResult> {
  const target = { ...session.target, namespace };
  const name = `probe-${Date.now()}`;
  const script = `${tryConnections}; tryConnections(${JSON.stringify(targets)}, 3)`;
  await kubectl(target, [
    ...['debug', `pod/${pod}`, `--container=${name}`, `--target=${container}`, '--quiet'],
    ...['--profile=restricted', '--attach=false', '--image-pull-policy=IfNotPresent'],
    `--image=${appImageReference(session.settings)}`,
    ...['--', 'node', '--eval', script],
  ]);
  const requireTerminated = async () => {
    const { status } = await kubectlJson(target, ephemeral, ['get', 'pod', pod]);
    const own = status.ephemeralContainerStatuses.find((each) => each.name === name);
    if (own?.state.terminated === undefined) throw new RetryLater('it is running');
  };
  await retryUntil(`the probe in ${pod}`, requireTerminated, {
    timeoutSeconds: 90,
    intervalMs: 500,
  });
  const log = await kubectl(target, ['logs', pod, `--container=${name}`]);
  return probeResultSchema.parse(JSON.parse(log));
}
