import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../lib/schema.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { warn } from '../process/output.ts';
import { run } from '../process/run.ts';
import { type ToolName, tools, tooOld } from '../process/tools.ts';
import { engine, runEngine } from './engine.ts';
import { busyPortMessage, duplicatePorts, isBusy, portMappings } from './host-ports.ts';
import { clusterExists } from './kind.ts';

const minimumMemoryGiB = 3;

/** kind advises the second; what is well below that, so below the first, is worth a word. */
const inotifyLimits = {
  max_user_instances: { atLeast: 256, advised: 512 },
  max_user_watches: { atLeast: 65_536, advised: 524_288 },
};

/** Checks the programs that a command needs; says all that is wrong, not only the first thing. */
export async function requireTools(...names: readonly ToolName[]): Promise<void> {
  const wanted = tools.filter(({ name }) => names.includes(name));
  const complaints = await Promise.all(
    wanted.map(async (tool) => {
      try {
        // Of the client alone: `docker version` fails without a daemon, but prints it first.
        return tooOld(tool, await run(tool.name, tool.versionArgs).catch(outputOfMissingDaemon));
      } catch (error) {
        return messageOf(error);
      }
    }),
  );
  refuse(complaints.filter((complaint) => complaint !== undefined));
}

function outputOfMissingDaemon(error: unknown): string {
  if (error instanceof UserError && error.name === 'CommandError') return '';
  throw error;
}

/** Checks that Docker or Podman is there and runs. */
export async function requireEngine(): Promise<void> {
  await requireTools(engine());
  await engineMemory();
}

/** The memory that Docker or Podman may use, in GiB. @throws UserError if it does not run */
async function engineMemory(): Promise<number> {
  const name = engine();
  try {
    const format = name === 'podman' ? '{{.Host.MemTotal}}' : '{{.MemTotal}}';
    const output = await runEngine(['info', '--format', format]);
    const bytes = Number(output.trim());
    if (bytes > 0) return bytes / 1024 ** 3;
  } catch {
    // Some versions exit with 0 and print 0, so both ways end below.
  }
  throw new UserError(
    name === 'podman'
      ? 'podman is installed but does not answer: see what podman info says'
      : 'docker is installed but its daemon does not answer: start Docker, and see that you may use it (docker info)',
  );
}

/** Everything that `make kind-up` needs of this machine. */
export async function preflight(settings: Settings): Promise<void> {
  await requireTools(engine(), 'kind', 'kubectl');
  const memory = await engineMemory();
  if (memory < minimumMemoryGiB) {
    warn(
      `${engine()} has ${memory.toFixed(1)} GiB of memory, the stack and its cluster want ${minimumMemoryGiB}: raise its limit if pods stay Pending or are killed`,
    );
  }
  if (await clusterExists(settings.kind.clusterName)) return;
  await requireFreePorts(settings);
  warnAboutInotify();
}

/** The ports are fixed when the cluster is created, so this is the moment to refuse them. */
async function requireFreePorts(settings: Settings): Promise<void> {
  const mappings = portMappings(settings);
  refuse(duplicatePorts(mappings));
  const messages: string[] = [];
  for (const mapping of mappings) {
    if (!(await isBusy(mapping.hostPort))) continue;
    messages.push(busyPortMessage(mapping, await containerOn(mapping.hostPort)));
  }
  refuse(messages);
}

async function containerOn(port: number): Promise<string | undefined> {
  // Podman cannot be asked by port.
  if (engine() === 'podman') return undefined;
  const args = ['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}'];
  const [name] = (await runEngine(args)).trim().split('\n');
  return name || undefined;
}

function warnAboutInotify(): void {
  for (const complaint of lowInotifyLimits()) warn(complaint);
}

/**
 * What to do about limits of this machine that every node and pod of a kind cluster draws on
 * (https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files).
 */
export function lowInotifyLimits(directory = '/proc/sys/fs/inotify'): string[] {
  return Object.entries(inotifyLimits).flatMap(([name, { atLeast, advised }]) => {
    const file = join(directory, name);
    // Only Linux has them.
    if (!existsSync(file)) return [];
    const limit = Number(readFileSync(file, 'utf8'));
    if (limit >= atLeast) return [];
    return `fs.inotify.${name} is ${limit}, which is few for a cluster: sudo sysctl fs.inotify.${name}=${advised} if pods crash and report "too many open files" or "no space left on device"`;
  });
}

function refuse(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new UserError(complaints.join('\n'));
}
