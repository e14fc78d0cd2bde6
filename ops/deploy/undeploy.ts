import { adminSecret } from '../../lib/grafana/grafana.ts';
import { metricsSecret } from '../../lib/grafana/outside/metrics-login.ts';
import { leaseName } from '../../lib/model/lease.ts';
import { foreignObjects } from '../cluster/foreign-objects.ts';
import {
  cliOptions,
  describeTarget,
  exists,
  kubectl,
  kubectlHint,
  type Target,
} from '../cluster/kubectl.ts';
import { mantisSelector } from '../cluster/pods.ts';
import { findOrphans } from '../cluster/prune.ts';
import { deleteRelatedNamespace, relatedNamespaces } from '../cluster/related-namespaces.ts';
import type { Session } from '../cluster/session.ts';
import { confirm } from '../process/confirm.ts';
import { UserError } from '../process/errors.ts';
import { exitCodeOf, withSignalHandler } from '../process/exit-signals.ts';
import { runInterruptible } from '../process/interruptible.ts';
import { print } from '../process/output.ts';
import { withLock } from './state/lock.ts';

export interface UndeployOptions {
  readonly yes?: boolean;
  readonly volumes?: boolean;
  readonly forceUnlock?: boolean;
}

/**
 * `make undeploy`: deletes every object of Mantis, except its volumes and the Secret that Grafana's
 * database belongs to, which only `--volumes` deletes.
 */
export async function undeploy({ target }: Session, options: UndeployOptions): Promise<void> {
  const { namespace } = target;
  const where = describeTarget(target);
  if (!(await exists(target, 'namespace', namespace))) {
    print(`there is no namespace ${namespace} in ${where}`);
    return;
  }
  const names = await findOrphans(target, []);
  const related = await relatedNamespaces(target);
  const listClaims = ['get', 'persistentvolumeclaims', mantisSelector, '--output=name'];
  const claims = (await kubectl(target, listClaims)).split('\n').filter((name) => name !== '');
  print(`namespace ${namespace} of ${where}: ${names.length} objects to remove`);
  for (const { namespace: other } of related)
    print(`and the namespace ${other} with every object of Mantis in it`);
  if (options.volumes) {
    print(
      `and permanently: ${claims.length === 0 ? 'no volume' : `volumes ${claims.map((name) => name.split('/')[1]).join(', ')}`}, Grafana's login`,
    );
  }
  await confirm(
    options.volumes
      ? `Delete Mantis and ALL of its data in ${where}?`
      : `Remove Mantis from ${where}? Its data is kept.`,
    options.yes,
  );
  const lock = { operation: 'removing Mantis from', force: options.forceUnlock };
  await withSignalHandler(exitHalfRemoved, () =>
    withLock(target, lock, (lockLost) =>
      runInterruptible(lockLost, () => remove(target, { names, claims, related }, options)),
    ),
  );
}

/** An undeploy that is interrupted is not rolled back; running it again completes it. */
function exitHalfRemoved(signal: NodeJS.Signals): void {
  process.stderr.write(
    `\n${signal}: only some objects are removed; the same command removes the rest\n`,
  );
  process.exit(exitCodeOf(signal));
}

async function remove(
  target: Target,
  {
    names,
    claims,
    related,
  }: Readonly<Record<'names' | 'claims', readonly string[]>> & {
    readonly related: readonly Target[];
  },
  options: UndeployOptions,
): Promise<void> {
  // First the senders, which would log errors without a collector.
  for (const each of related) await removeRelatedNamespace(each);
  if (names.length > 0) await kubectl(target, ['delete', ...names, '--ignore-not-found']);
  await kubectl(target, ['wait', '--for=delete', 'pod', mantisSelector, '--timeout=120s']).catch(
    () => {
      throw new UserError(
        `pods are still there after 120 s: ${kubectlHint(target, ['get', 'pods'])}`,
      );
    },
  );
  print(`${names.length} objects removed`);
  if (options.volumes) await deleteStoredData(target, claims);
  else if (claims.length > 0) {
    const options = cliOptions(target);
    print(
      `kept: Secrets ${adminSecret.name} and ${metricsSecret.name}, and ${claims.length} volumes; ./mantis deploy ${options} uses them again, ./mantis undeploy ${options} --volumes deletes them`,
    );
  }
}

async function removeRelatedNamespace(target: Target): Promise<void> {
  const names = await findOrphans(target, []);
  if (names.length > 0) await kubectl(target, ['delete', ...names, '--ignore-not-found']);
  const deleted = await deleteRelatedNamespace(target);
  print(`namespace ${target.namespace} ${deleted ? 'deleted' : 'kept: it has other objects'}`);
}

async function deleteStoredData(target: Target, claims: readonly string[]): Promise<void> {
  if (claims.length > 0) {
    await kubectl(target, ['delete', ...claims, '--ignore-not-found']);
  }
  await kubectl(target, ['delete', 'secrets', mantisSelector, '--ignore-not-found']);
  print(`${claims.length} volumes and the Secrets of Mantis deleted`);
  const foreign = await foreignObjects(target);
  if (foreign.length > 0) {
    print(`namespace ${target.namespace} kept: it has other objects: ${foreign.join(', ')}`);
    await kubectl(target, ['delete', 'lease', leaseName, '--ignore-not-found']);
    return;
  }
  await kubectl(target, ['delete', 'namespace', target.namespace]);
  print(`namespace ${target.namespace} deleted`);
}
