import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../lib/schema.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { printWarning } from '../process/output.ts';
import { run } from '../process/run.ts';
import { type ToolName, tools, versionError } from '../process/tools.ts';
import { engine, runEngine } from './engine.ts';
import { busyPortMessage, duplicatePorts, isBusy, portMappings } from './host-ports.ts';
import { clusterExists } from './kind.ts';

const minimumMemoryGiB = 3;

/** kind recommends `advised`; limits below `atLeast` cause a warning. */
const inotifyLimits = {
  max_user_instances: { atLeast: 256, advised: 512 },
  max_user_watches: { atLeast: 65_536, advised: 524_288 },
};

/** Checks that programs are installed and not too old. @throws UserError with every problem */
export async function requireTools(...names: readonly ToolName[]): Promise<void> {
  const wanted = tools.filter(({ name }) => names.includes(name));
  const problems = await Promise.all(
    wanted.map(async (tool) => {
      try {
        // `docker version` fails without a daemon, which engineMemory reports.
        return versionError(
          tool,
          await run(tool.name, tool.versionArgs).catch(outputOfMissingDaemon),
        );
      } catch (error) {
        return messageOf(error);
      }
    }),
  );
  throwIfAny(problems.filter((problem) => problem !== undefined));
}

function outputOfMissingDaemon(error: unknown): string {
  if (error instanceof UserError && error.name === 'CommandError') return '';
  throw error;
}

export async function requireEngine(): Promise<void> {
  await requireTools(engine());
  await engineMemory();
}

/** The memory that Docker or Podman may use, in GiB. @throws UserError if it is not running */
async function engineMemory(): Promise<number> {
  const name = engine();
  try {
    const format = name === 'podman' ? '{{.Host.MemTotal}}' : '{{.MemTotal}}';
    const output = await runEngine(['info', '--format', format]);
    const bytes = Number(output.trim());
    if (bytes > 0) return bytes / 1024 ** 3;
  } catch {
    // Some versions exit with 0 and print 0 instead, which ends below too.
  }
  throw new UserError(
    name === 'podman'
      ? 'podman is installed but does not answer: run podman info'
      : 'docker is installed but its daemon does not answer: start Docker, and check that you may use it (docker info)',
  );
}

export async function preflight(settings: Settings): Promise<void> {
  await requireTools(engine(), 'kind', 'kubectl');
  const memory = await engineMemory();
  if (memory < minimumMemoryGiB) {
    printWarning(
      `${engine()} has ${memory.toFixed(1)} GiB of memory, the cluster and the stack need ${minimumMemoryGiB}: raise its limit if pods stay Pending or are killed`,
    );
  }
  if (await clusterExists(settings.kind.clusterName)) return;
  await requireFreePorts(settings);
  for (const problem of lowInotifyLimits()) printWarning(problem);
}

/** Port mappings cannot change after the cluster is created. */
async function requireFreePorts(settings: Settings): Promise<void> {
  const mappings = portMappings(settings);
  throwIfAny(duplicatePorts(mappings));
  const messages: string[] = [];
  for (const mapping of mappings) {
    if (!(await isBusy(mapping.hostPort))) continue;
    messages.push(busyPortMessage(mapping, await containerOn(mapping.hostPort)));
  }
  throwIfAny(messages);
}

async function containerOn(port: number): Promise<string | undefined> {
  // podman ps has no filter by port.
  if (engine() === 'podman') return undefined;
  const args = ['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}'];
  const [name] = (await runEngine(args)).trim().split('\n');
  return name || undefined;
}

/**
 * A warning for each inotify limit that is low for a kind cluster, whose nodes and pods share it
 * (https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files).
 */
export function lowInotifyLimits(directory = '/proc/sys/fs/inotify'): string[] {
  return Object.entries(inotifyLimits).flatMap(([name, { atLeast, advised }]) => {
    const file = join(directory, name);
    // Linux only.
    if (!existsSync(file)) return [];
    const limit = Number(readFileSync(file, 'utf8'));
    if (limit >= atLeast) return [];
    return `fs.inotify.${name} is ${limit}, which is low for a cluster: sudo sysctl fs.inotify.${name}=${advised} if pods crash and report "too many open files" or "no space left on device"`;
  });
}

function throwIfAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new UserError(problems.join('\n'));
}
