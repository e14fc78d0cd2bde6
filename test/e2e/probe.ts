import { z } from 'zod';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/app-image.ts';
import { NotYet, retryUntil } from '../../ops/process/retry.ts';
import { session } from './cluster.ts';

/** Where a connection is tried to. */
export interface Door {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** `refused` means that the packets arrived and nobody listened. */
const outcome = z.enum(['open', 'refused', 'blocked']);

const findingsSchema = z.object({
  doors: z.record(z.string(), outcome),
  /** What writing to the root file system of the pod's own container came to. */
  write: z.string(),
});

export type Findings = z.output<typeof findingsSchema>;

/** Runs in a container beside the one that is looked into, and shares its processes and network. */
async function look(doors: readonly Door[], seconds: number): Promise<void> {
  // An import would become a call of the test runner's.
  const { createConnection } = process.getBuiltinModule('node:net');
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  const knock = ({ name, host, port }: Door) =>
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
  const found = Object.fromEntries(await Promise.all(doors.map(knock)));
  let write = 'written';
  try {
    writeFileSync('/proc/1/root/written-by-a-test', '');
  } catch (error) {
    write = (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
  console.log(JSON.stringify({ doors: found, write }));
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
 * Tries doors from inside a pod, in an ephemeral container: images without a shell can be looked
 * into as well, and NetworkPolicies hold for it as for the pod's own.
 */
export async function lookFrom(
  pod: string,
  container: string,
  doors: readonly Door[],
  namespace = session.target.namespace,
): Promise<Findings> {
  const target = { ...session.target, namespace };
  const name = `look-${Date.now()}`;
  const script = `${look}; look(${JSON.stringify(doors)}, 3)`;
  await kubectl(target, [
    ...['debug', `pod/${pod}`, `--container=${name}`, `--target=${container}`, '--quiet'],
    ...['--profile=restricted', '--attach=false', '--image-pull-policy=IfNotPresent'],
    `--image=${appImageReference(session.settings)}`,
    ...['--', 'node', '--eval', script],
  ]);
  const probe = async () => {
    const { status } = await kubectlJson(target, ephemeral, ['get', 'pod', pod]);
    const own = status.ephemeralContainerStatuses.find((each) => each.name === name);
    if (own?.state.terminated === undefined) throw new NotYet('it runs');
  };
  await retryUntil(`the look from ${pod}`, probe, { timeoutSeconds: 90, everyMs: 500 });
  const log = await kubectl(target, ['logs', pod, `--container=${name}`]);
  return findingsSchema.parse(JSON.parse(log));
}
