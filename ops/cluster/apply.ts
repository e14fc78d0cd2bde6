import { join } from 'node:path';
import { UserError } from '../process/errors.ts';
import { CommandError } from '../process/run.ts';
import { clusterOf, kubectl, type Target, typed } from './kubectl.ts';
import { readText } from './manifests.ts';
import { ensureAdminSecret } from './secret.ts';

const namespaceFile = '0000-namespace.k8s.yaml';

/**
 * Fields that we state are ours; what others added (a restart annotation, an autoscaler's
 * replicas) stays.
 */
export const serverSide: readonly string[] = [
  '--server-side',
  '--field-manager=mantis',
  '--force-conflicts',
];

/** Applies a directory of manifests: the namespace, the Secret that pods wait for, all the rest. */
export async function apply(target: Target, directory: string): Promise<number> {
  await applyNamespace(target, directory);
  await ensureAdminSecret(target);
  return (await applyText(target, readText(directory))).length;
}

/** Applies what all the rest is in. */
export async function applyNamespace(target: Target, directory: string): Promise<void> {
  await applyText(target, readText(join(directory, namespaceFile)));
}

/** Applies a directory of manifests to a namespace that is there. */
export async function applyFiles(target: Target, directory: string): Promise<void> {
  await applyText(target, readText(directory));
}

async function applyText(target: Target, input: string): Promise<string[]> {
  try {
    const args = ['apply', ...serverSide, '--filename=-'];
    const output = await kubectl(clusterOf(target), args, { input });
    return output.split('\n').filter((line) => line !== '');
  } catch (error) {
    throw error instanceof CommandError ? explainApply(target, error) : error;
  }
}

/** Lets the API server check a directory without changing anything. */
export async function dryRun(target: Target, directory: string): Promise<number> {
  const args = ['apply', ...serverSide, '--dry-run=server', '--filename=-'];
  const output = await kubectl(clusterOf(target), args, { input: readText(directory) });
  return output.split('\n').filter((line) => line !== '').length;
}

/** The refusals that a change of settings can cause, with the way out. */
export function explainApply(target: Target, error: CommandError): UserError {
  const [, port] =
    /Invalid value: (\d+): provided port is already allocated/.exec(error.stderr) ?? [];
  if (port !== undefined) {
    return new UserError(
      `node port ${port} is taken by a Service of another namespace, perhaps of an earlier setting of namespace: ` +
        `delete that namespace with all it stores (${typed(target, ['delete', 'namespace'])} …), or run make kind-down`,
    );
  }
  const [, kind, fixed] =
    /(Deployment|Job)[.\w]* "([^"]+)" is invalid.*field is immutable/.exec(error.stderr) ?? [];
  if (kind !== undefined && fixed !== undefined) {
    return new UserError(
      `${kind} ${fixed} exists with something that cannot be changed in place. It stores nothing: ` +
        `${typed(target, ['delete', kind.toLowerCase(), fixed])}, then run the command again`,
    );
  }
  const [, name] =
    /StatefulSet(?:\.apps)? "([^"]+)" is invalid.*[Ff]orbidden/.exec(error.stderr) ?? [];
  if (name === undefined) return error;
  return new UserError(
    `StatefulSet ${name} exists with another volume size, storage class, or field that cannot be changed in place. ` +
      `To keep its data: ${typed(target, ['delete', 'statefulset', name, '--cascade=orphan'])}, then run the command again ` +
      '(the existing volume keeps its size)',
  );
}
