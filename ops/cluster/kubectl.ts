import type { z } from 'zod';
import { UserError } from '../process/errors.ts';
import { CommandError, type RunOptions, run } from '../process/run.ts';
import { explainSsh, overSsh, type SshHost, shellWords, typedOverSsh } from '../process/ssh.ts';

/** The one place that commands work on. No command ever falls back to the current context. */
export interface Target {
  readonly context: string;
  readonly namespace: string;
  /** Whose kubectl, and whose contexts. @default - this machine's own */
  readonly via?: SshHost;
}

/** For objects that say themselves which namespace they are in. */
export type Cluster = Omit<Target, 'namespace'> & { readonly namespace?: undefined };

export function clusterOf({ namespace: _, ...cluster }: Target): Cluster {
  return cluster;
}

/** Runs kubectl against the target, and nothing else. */
export async function kubectl(
  target: Target | Cluster,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  try {
    return await run(...kubectlCommand(target, args), options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { code, stderr, stdout } = error;
    throw explainConnection(target, new CommandError('kubectl', args, code, stderr, stdout));
  }
}

/** The program to start, and its arguments. */
export function kubectlCommand(
  target: Target | Cluster,
  args: readonly string[],
): [string, string[]] {
  const own = [...targetArgs(target), ...args];
  return target.via === undefined ? ['kubectl', own] : overSsh(target.via, ['kubectl', ...own]);
}

/** What a person types to do the same, in any shell. */
export function typed(target: Target, args: readonly string[]): string {
  const command = shellWords(['kubectl', ...targetArgs(target), ...args]);
  return target.via === undefined ? command : typedOverSsh(target.via, shellWords([command]));
}

/** The variables with which `make` means the same. */
export function makeVariables({ context, via }: Target): string {
  return `KUBE_CONTEXT=${context}${via === undefined ? '' : ` SSH=${via.written}`}`;
}

/** The options with which `mantis` means the same. */
export function cliOptions({ context, via }: Target): string {
  return `--context ${context}${via === undefined ? '' : ` --ssh ${via.written}`}`;
}

/** Where a target is, for people. */
export function placeOf({ context, via }: Target): string {
  return via === undefined ? `context ${context}` : `context ${context} of ${via.name}`;
}

export function targetArgs({ context, namespace }: Target | Cluster): string[] {
  return ['--context', context, ...(namespace === undefined ? [] : ['--namespace', namespace])];
}

/** What `kubectl get … -o json` prints, as far as the schema asks for it. */
export async function kubectlJson<T>(
  target: Target,
  schema: z.ZodType<T>,
  args: readonly string[],
  options: RunOptions = {},
): Promise<T> {
  return schema.parse(JSON.parse(await kubectl(target, [...args, '--output=json'], options)));
}

/** Whether an object is there; asking is no error where it is not. */
export async function exists(target: Target, kind: string, name: string): Promise<boolean> {
  const found = await kubectl(target, ['get', kind, name, '--ignore-not-found', '--output=name']);
  return found.trim() !== '';
}

/** kubectl's reasons for not reaching a cluster, with what to do about each. */
export function explainConnection(
  { context, via }: Pick<Target, 'context' | 'via'>,
  error: CommandError,
): UserError {
  const ofSsh = via && explainSsh(via, error);
  if (ofSsh !== undefined) return ofSsh;
  if (/context .* does not exist|context was not found/.test(error.stderr)) {
    return new UserError(
      via === undefined
        ? `there is no kubectl context ${context}: run make kind-up, or name another with KUBE_CONTEXT`
        : `kubectl on ${via.name} has no context ${context}: name another with KUBE_CONTEXT or --context`,
    );
  }
  if (
    /connection refused|no such host|i\/o timeout|was refused|Unable to connect/.test(error.stderr)
  ) {
    return new UserError(
      via === undefined
        ? `the cluster of context ${context} does not answer: start it (make kind-up for a local one), or name another with KUBE_CONTEXT`
        : `the cluster of context ${context} does not answer kubectl on ${via.name}: start it, or name another with KUBE_CONTEXT or --context`,
    );
  }
  return error;
}
