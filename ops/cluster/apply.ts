import { join } from 'node:path';
import { UserError } from '../process/errors.ts';
import { CommandError } from '../process/run.ts';
import { kubectl, kubectlHint, type Target, withoutNamespace } from './kubectl.ts';
import { readManifestText } from './manifests.ts';
import { ensureSecrets } from './secret.ts';

const namespaceFile = '0000-namespace.k8s.yaml';

/**
 * Server-side apply: Mantis owns the fields of its manifests; fields of others (a restart annotation,
 * an autoscaler's replicas) stay.
 */
export const applyFlags: readonly string[] = [
  '--server-side',
  '--field-manager=mantis',
  '--force-conflicts',
];

/** Applies the namespace, then the Secrets that pods wait for, then every manifest. */
export async function apply(target: Target, directory: string): Promise<number> {
  await applyNamespace(target, directory);
  await ensureSecrets(target);
  return applyManifests(target, directory);
}

export async function applyNamespace(target: Target, directory: string): Promise<void> {
  await applyManifests(target, join(directory, namespaceFile));
}

/** Applies a file or a directory of manifests whose namespace exists. @returns the number of objects */
export async function applyManifests(target: Target, path: string): Promise<number> {
  try {
    const args = ['apply', ...applyFlags, '--filename=-'];
    const input = readManifestText(path);
    const output = await kubectl(withoutNamespace(target), args, { input });
    return output.trim().split('\n').length;
  } catch (error) {
    throw error instanceof CommandError ? explainApplyError(target, error) : error;
  }
}

/** Errors of an apply that a change of settings can cause, each with what to do about it. */
export function explainApplyError(target: Target, error: CommandError): UserError {
  const [, port] =
    /Invalid value: (\d+): provided port is already allocated/.exec(error.stderr) ?? [];
  if (port !== undefined) {
    return new UserError(
      `node port ${port} is taken by a Service of another namespace, perhaps the one of an earlier value of the setting namespace: ` +
        `delete that namespace and everything stored in it (${kubectlHint(target, ['delete', 'namespace'])} …), or run ./mantis kind-down`,
    );
  }
  const [, kind, resource] =
    /(Deployment|Job)[.\w]* "([^"]+)" is invalid.*field is immutable/.exec(error.stderr) ?? [];
  if (kind !== undefined && resource !== undefined) {
    return new UserError(
      `${kind} ${resource} exists with another value of an immutable field. It stores nothing: ` +
        `${kubectlHint(target, ['delete', kind.toLowerCase(), resource])}, then run the command again`,
    );
  }
  const [, name] =
    /StatefulSet(?:\.apps)? "([^"]+)" is invalid.*[Ff]orbidden/.exec(error.stderr) ?? [];
  if (name === undefined) return error;
  return new UserError(
    `StatefulSet ${name} exists with another volume size, storage class or other immutable field. ` +
      `To keep its data: ${kubectlHint(target, ['delete', 'statefulset', name, '--cascade=orphan'])}, then run the command again ` +
      '(the existing volume keeps its size)',
  );
}
