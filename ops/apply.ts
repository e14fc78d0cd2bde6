import { join } from 'node:path';
import { kubectl, type Target } from './kubectl.ts';
import { CommandError } from './run.ts';
import { ensureAdminSecret } from './secret.ts';
import { UserError } from './user-error.ts';

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
  await applyFile(target, join(directory, namespaceFile));
  await ensureAdminSecret(target);
  return (await applyFile(target, directory)).length;
}

/** Applies a directory of manifests to a namespace that is there. */
export async function applyFiles(target: Target, directory: string): Promise<void> {
  await applyFile(target, directory);
}

async function applyFile(target: Target, path: string): Promise<string[]> {
  try {
    const { context } = target;
    const output = await kubectl({ context }, ['apply', ...serverSide, `--filename=${path}`]);
    return output.split('\n').filter((line) => line !== '');
  } catch (error) {
    throw error instanceof CommandError ? explainApply(target, error) : error;
  }
}

/** Lets the API server check a directory without changing anything. */
export async function dryRun({ context }: Target, directory: string): Promise<number> {
  const args = ['apply', ...serverSide, '--dry-run=server', `--filename=${directory}`];
  return (await kubectl({ context }, args)).split('\n').filter((line) => line !== '').length;
}

/** The refusals that a change of settings can cause, with the way out. */
export function explainApply({ context, namespace }: Target, error: CommandError): UserError {
  const [, port] =
    /Invalid value: (\d+): provided port is already allocated/.exec(error.stderr) ?? [];
  if (port !== undefined) {
    return new UserError(
      `node port ${port} is taken by a Service of another namespace, perhaps of an earlier setting of namespace: ` +
        `delete that namespace with all it stores (kubectl --context ${context} delete namespace …), or run make kind-down`,
    );
  }
  const [, name] =
    /StatefulSet(?:\.apps)? "([^"]+)" is invalid.*[Ff]orbidden/.exec(error.stderr) ?? [];
  if (name === undefined) return error;
  return new UserError(
    `StatefulSet ${name} exists with another volume size or storage class, which cannot be changed in place. ` +
      `To keep its data: kubectl --context ${context} -n ${namespace} delete statefulset ${name} --cascade=orphan, then run the command again ` +
      '(the existing volume keeps its size)',
  );
}
