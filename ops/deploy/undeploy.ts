import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { strangers } from '../cluster/foreign-objects.ts';
import { exists, kubectl, kubectlJson, placeOf, typed } from '../cluster/kubectl.ts';
import { ourSelector } from '../cluster/pods.ts';
import { findGone } from '../cluster/prune.ts';
import { besideOf, removeBeside } from '../cluster/related-namespaces.ts';
import type { Session } from '../cluster/session.ts';
import { confirm } from '../process/confirm.ts';
import { UserError } from '../process/errors.ts';
import { interruptible } from '../process/interruptible.ts';
import { say } from '../process/output.ts';
import { exitCodeOf, withSignals } from '../process/signals.ts';
import { leaseName } from './state/lease.ts';
import { withLock } from './state/lock.ts';

export interface UndeployOptions {
  readonly yes?: boolean;
  /** Also what is stored, Grafana's login, and the namespace. */
  readonly volumes?: boolean;
  /** Remove it although somebody else holds the lock. */
  readonly forceUnlock?: boolean;
}

/**
 * Removes what Mantis runs. What it stores stays, together with the Secret that Grafana's database
 * belongs to, unless that is asked for.
 */
export async function undeploy({ target }: Session, options: UndeployOptions): Promise<void> {
  const { namespace } = target;
  const place = placeOf(target);
  if (!(await exists(target, 'namespace', namespace))) {
    say(`there is no namespace ${namespace} in ${place}`);
    return;
  }
  const names = await findGone(target, []);
  const beside = await besideOf(target);
  const claims = (await list(target, 'persistentvolumeclaims')).map(
    ({ metadata }) => metadata.name,
  );
  say(`namespace ${namespace} of ${place}: ${names.length} objects to remove`);
  for (const { namespace: other } of beside)
    say(`and the namespace ${other} with all of ours in it`);
  if (options.volumes) {
    say(
      `and for good: ${claims.length === 0 ? 'no volume' : `volumes ${claims.join(', ')}`}, Grafana's login`,
    );
  }
  await confirm(
    options.volumes
      ? `Delete Mantis and ALL that it stores in ${place}?`
      : `Remove Mantis from ${place}? What it stores stays.`,
    options.yes,
  );
  const lock = { doing: 'removing Mantis from', force: options.forceUnlock };
  await withSignals(leaveHalfDone, () =>
    withLock(target, lock, (lost) =>
      interruptible(lost, () => remove(target, { names, claims, beside }, options)),
    ),
  );
}

type Target = Session['target'];

/** What is gone is gone, and what is left does no harm: so there is no way back, only on. */
function leaveHalfDone(signal: NodeJS.Signals): void {
  process.stderr.write(`\n${signal}: some of it is removed; the same command removes the rest\n`);
  process.exit(exitCodeOf(signal));
}

interface Found {
  readonly names: readonly string[];
  readonly claims: readonly string[];
  /** Other namespaces that belong to it. */
  readonly beside: readonly Target[];
}

async function remove(
  target: Target,
  { names, claims, beside }: Found,
  options: UndeployOptions,
): Promise<void> {
  // First what sends: it would complain to the log of a collector that is gone.
  for (const place of beside) await removeAll(place);
  if (names.length > 0) await kubectl(target, ['delete', ...names, '--ignore-not-found']);
  await kubectl(target, ['wait', '--for=delete', 'pod', ourSelector, '--timeout=120s']).catch(
    () => {
      throw new UserError(`pods are still there after 120 s: ${typed(target, ['get', 'pods'])}`);
    },
  );
  say(`${names.length} objects removed`);
  if (options.volumes) await removeStored(target, claims);
  else if (claims.length > 0) {
    say(
      `kept: Secret ${adminSecret.name} and ${claims.length} volumes; make deploy takes them up again, make undeploy VOLUMES=1 deletes them`,
    );
  }
}

async function removeAll(place: Target): Promise<void> {
  const names = await findGone(place, []);
  if (names.length > 0) await kubectl(place, ['delete', ...names, '--ignore-not-found']);
  const gone = await removeBeside(place);
  say(`namespace ${place.namespace} ${gone ? 'deleted' : 'stays, because others use it'}`);
}

async function removeStored(target: Target, claims: readonly string[]): Promise<void> {
  if (claims.length > 0) {
    await kubectl(target, ['delete', 'persistentvolumeclaims', ...claims, '--ignore-not-found']);
  }
  await kubectl(target, ['delete', 'secrets', ourSelector, '--ignore-not-found']);
  say(`${claims.length} volumes and the Secrets of Mantis deleted`);
  const foreign = await strangers(target);
  if (foreign.length > 0) {
    say(`namespace ${target.namespace} stays, because others use it: ${foreign.join(', ')}`);
    await kubectl(target, ['delete', 'lease', leaseName, '--ignore-not-found']);
    return;
  }
  await kubectl(target, ['delete', 'namespace', target.namespace]);
  say(`namespace ${target.namespace} deleted`);
}

const items = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

async function list(target: Target, kinds: string) {
  return (await kubectlJson(target, items, ['get', kinds, ourSelector])).items;
}
