import type { z } from 'zod';
import { CommandError, type RunOptions, run } from './run.ts';
import { UserError } from './user-error.ts';

/** The one place that commands work on. No command ever falls back to the current context. */
export interface Target {
  readonly context: string;
  readonly namespace: string;
}

/** For objects that say themselves which namespace they are in. */
export type Cluster = Pick<Target, 'context'> & { readonly namespace?: undefined };

/** Runs kubectl against the target, and nothing else. */
export async function kubectl(
  target: Target | Cluster,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  try {
    return await run('kubectl', [...targetArgs(target), ...args], options);
  } catch (error) {
    throw error instanceof CommandError ? explainConnection(target, error) : error;
  }
}

export function targetArgs({ context, namespace }: Target | Cluster): string[] {
  return ['--context', context, ...(namespace === undefined ? [] : ['--namespace', namespace])];
}

/** What `kubectl get … -o json` prints, as far as the schema asks for it. */
export async function kubectlJson<T>(
  target: Target,
  schema: z.ZodType<T>,
  args: readonly string[],
): Promise<T> {
  return schema.parse(JSON.parse(await kubectl(target, [...args, '--output=json'])));
}

/** Whether an object is there; asking is no error where it is not. */
export async function exists(target: Target, kind: string, name: string): Promise<boolean> {
  const found = await kubectl(target, ['get', kind, name, '--ignore-not-found', '--output=name']);
  return found.trim() !== '';
}

/** kubectl's reasons for not reaching a cluster, with what to do about each. */
export function explainConnection(
  { context }: Pick<Target, 'context'>,
  error: CommandError,
): UserError {
  if (/context .* does not exist|context was not found/.test(error.stderr)) {
    return new UserError(
      `there is no kubectl context ${context}: run make kind-up, or name another with KUBE_CONTEXT`,
    );
  }
  if (
    /connection refused|no such host|i\/o timeout|was refused|Unable to connect/.test(error.stderr)
  ) {
    return new UserError(
      `the cluster of context ${context} does not answer: start it (make kind-up for a local one), or name another with KUBE_CONTEXT`,
    );
  }
  return error;
}
