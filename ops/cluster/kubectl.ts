import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { cleanUpOnExit } from '../process/cleanup.ts';
import { UserError } from '../process/errors.ts';
import { CommandError, type RunOptions, run } from '../process/run.ts';
import { explainSshError, type SshHost, shellQuote, sshCommand, sshHint } from '../process/ssh.ts';

/** The cluster and namespace that a command works on. The current kubectl context is never used. */
export interface Target {
  readonly context: string;
  readonly namespace: string;
  /** The machine whose kubectl and contexts are used. @default - this machine */
  readonly ssh?: SshHost;
}

/** A target without a namespace, for objects that have their own. */
export type Cluster = Omit<Target, 'namespace'> & { readonly namespace?: undefined };

export function withoutNamespace({ namespace: _, ...cluster }: Target): Cluster {
  return cluster;
}

/** Runs kubectl against the target. @returns its standard output */
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
    throw explainKubectlError(target, new CommandError('kubectl', args, code, stderr, stdout));
  }
}

export function kubectlCommand(
  target: Target | Cluster,
  args: readonly string[],
): [string, string[]] {
  const all = [...targetArgs(target), ...args];
  return target.ssh === undefined ? ['kubectl', all] : sshCommand(target.ssh, ['kubectl', ...all]);
}

export function kubectlHint(target: Target, args: readonly string[]): string {
  const command = shellQuote(['kubectl', ...targetArgs(target), ...args]);
  return target.ssh === undefined ? command : sshHint(target.ssh, shellQuote([command]));
}

export function cliOptions({ context, ssh }: Target): string {
  return `--context ${context}${ssh === undefined ? '' : ` --ssh ${ssh.raw}`}`;
}

/** A target in a message: `context prod`, with the host if kubectl runs on another machine. */
export function describeTarget({ context, ssh }: Target): string {
  return ssh === undefined ? `context ${context}` : `context ${context} of ${ssh.name}`;
}

export function targetArgs({ context, namespace }: Target | Cluster): string[] {
  return ['--context', context, ...(namespace === undefined ? [] : ['--namespace', namespace])];
}

export async function kubectlJson<T>(
  target: Target,
  schema: z.ZodType<T>,
  args: readonly string[],
  options: RunOptions = {},
): Promise<T> {
  return schema.parse(JSON.parse(await kubectl(target, [...args, '--output=json'], options)));
}

export async function kubectlList<T>(
  target: Target,
  schema: z.ZodType<T>,
  args: readonly string[],
): Promise<T[]> {
  return (await kubectlJson(target, z.object({ items: z.array(schema) }), args)).items;
}

/** An object by kind and name, parsed with a schema; undefined if it does not exist. */
export async function kubectlFind<T>(
  target: Target,
  schema: z.ZodType<T>,
  kind: string,
  name: string,
): Promise<T | undefined> {
  const args = ['get', kind, name, '--ignore-not-found', '--output=json'];
  const found = await kubectl(target, args);
  return found.trim() === '' ? undefined : schema.parse(JSON.parse(found));
}

export async function exists(target: Target, kind: string, name: string): Promise<boolean> {
  const found = await kubectl(target, ['get', kind, name, '--ignore-not-found', '--output=name']);
  return found.trim() !== '';
}

/** Errors of kubectl that mean that no cluster was reached, each with what to do about it. */
export function explainKubectlError(
  { context, ssh }: Pick<Target, 'context' | 'ssh'>,
  error: CommandError,
): UserError {
  const sshError = ssh && explainSshError(ssh, error);
  if (sshError !== undefined) return sshError;
  if (/context .* does not exist|context was not found/.test(error.stderr)) {
    return new UserError(
      ssh === undefined
        ? `there is no kubectl context ${context}: run ./mantis kind-up, or name another with KUBE_CONTEXT`
        : `kubectl on ${ssh.name} has no context ${context}: name another with KUBE_CONTEXT or --context`,
    );
  }
  if (
    /connection refused|no such host|i\/o timeout|was refused|Unable to connect/.test(error.stderr)
  ) {
    return new UserError(
      ssh === undefined
        ? `the cluster of context ${context} does not answer: start it (./mantis kind-up for a local one), or name another with KUBE_CONTEXT`
        : `the cluster of context ${context} does not answer kubectl on ${ssh.name}: start it, or name another with KUBE_CONTEXT or --context`,
    );
  }
  return error;
}

/** Runs a kubectl command if the program exits early. @returns a function that cancels it */
export function kubectlOnExit(target: Target, args: readonly string[]): () => void {
  return cleanUpOnExit(() => {
    process.stderr.write(`cleaning up: kubectl ${args.join(' ')}\n`);
    spawnSync(...kubectlCommand(target, args), {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 30_000,
    });
  });
}
