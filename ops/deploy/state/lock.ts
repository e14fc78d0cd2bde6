import { hostname, userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { kubectlOnExit } from '../../cluster/cleanup.ts';
import { placeOf, type Target, typed } from '../../cluster/kubectl.ts';
import { UserError } from '../../process/errors.ts';
import { Interrupted } from '../../process/interruptible.ts';
import { say, warn } from '../../process/output.ts';
import {
  givingBack,
  type Holder,
  holderOf,
  isSilent,
  type Lease,
  leaseName,
  readLease,
  writeLease,
} from './lease.ts';

/** How often its holder says that it lives, in seconds. */
const renewSeconds = 10;

export interface LockOptions {
  /** What the holder does, as one says it: `deploying to`. */
  readonly doing: string;
  /** Takes it from whoever has it. */
  readonly force?: boolean;
  /** What was seen when somebody was shown a plan; if another held the lock since, it is outdated. */
  readonly seen?: Seen;
}

/** How often the lock has changed hands, which says whether anything can have changed since. */
export type Seen = string;

/**
 * Does some work while nobody else deploys, undeploys or restores.
 *
 * @param work told by a signal when the lock is lost to somebody who broke it
 * @throws UserError that says who holds it
 */
export async function withLock<T>(
  target: Target,
  options: LockOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const holder = { who: ourselves(), doing: options.doing, since: new Date() };
  let lease = await take(target, holder, options);
  const lost = new AbortController();
  // Without it, whoever comes next would have to wait until we count as dead.
  const givenBack = kubectlOnExit(target, givingBack(holder));
  const ended = new AbortController();
  const renewing = (async () => {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      await pause(renewSeconds * 1000, undefined, { signal: ended.signal }).catch(() => {});
      if (ended.signal.aborted) return;
      // A cluster that does not answer for a moment is no reason to give up.
      const renewed = await writeLease(target, lease, holder).catch(() => lease);
      if (renewed !== undefined) {
        lease = renewed;
        continue;
      }
      givenBack();
      lost.abort(new Interrupted(`the lock was taken away: ${await newHolder(target)}`));
    }
  })();
  try {
    return await work(lost.signal);
  } finally {
    ended.abort();
    await renewing;
    givenBack();
    if (!lost.signal.aborted) await giveBack(target, lease);
  }
}

async function giveBack(target: Target, lease: Lease): Promise<void> {
  try {
    // It may be gone, with its namespace.
    await writeLease(target, lease, undefined);
  } catch {
    warn(`the lock could not be given back; it ends by itself within a minute`);
  }
}

/** Sees that nobody is at work, without taking the lock. */
export async function requireUnlocked(target: Target, force = false): Promise<Seen> {
  const lease = await readLease(target);
  if (lease !== undefined && !force) refuseIfHeld(target, lease);
  return seenOf(lease);
}

function seenOf(lease: Lease | undefined): Seen {
  return lease === undefined ? 'none' : `${lease.metadata.uid}/${lease.spec.leaseTransitions}`;
}

function refuseIfHeld(target: Target, lease: Lease): void {
  const holder = holderOf(lease);
  if (holder !== undefined && !isSilent(lease, new Date())) throw held(target, holder, lease);
}

async function take(target: Target, holder: Holder, { force, seen }: LockOptions): Promise<Lease> {
  const lease = await readLease(target);
  const other = lease && holderOf(lease);
  if (lease !== undefined && other !== undefined && !force) {
    refuseIfHeld(target, lease);
    await watchSilence(target, lease, other);
  }
  if (seen !== undefined && seen !== seenOf(lease) && !force) {
    throw new UserError(
      `somebody else changed namespace ${target.namespace} since you were told what would change: run the command again`,
    );
  }
  const taken = await writeLease(target, lease, holder);
  if (taken !== undefined) {
    if (other !== undefined) warn(`the lock of ${other.who} is broken`);
    return taken;
  }
  const now = await readLease(target);
  const faster = now && holderOf(now);
  if (now === undefined || faster === undefined) {
    throw new UserError('somebody else was faster and is done: run the command again');
  }
  throw held(target, faster, now);
}

/** Clocks may differ: a holder that lives shows it in time, whatever its clock says. */
async function watchSilence(target: Target, lease: Lease, holder: Holder): Promise<void> {
  say(`${describe(holder, target)}, but seems to be gone: watching for ${2 * renewSeconds} s`);
  await pause(2 * renewSeconds * 1000);
  const later = await readLease(target);
  if (later === undefined || later.metadata.resourceVersion === lease.metadata.resourceVersion) {
    return;
  }
  const now = holderOf(later);
  if (now !== undefined) throw held(target, now, later);
}

async function newHolder(target: Target): Promise<string> {
  const lease = await readLease(target).catch(() => undefined);
  const holder = lease && holderOf(lease);
  return holder === undefined ? 'nobody holds it now' : describe(holder, target);
}

function held(target: Target, holder: Holder, { spec }: Lease): UserError {
  const silent = Math.max(0, Math.round((Date.now() - Date.parse(spec.renewTime ?? '')) / 1000));
  return new UserError(
    `${describe(holder, target)} (last sign of life ${silent} s ago): ` +
      `wait until that is done, or, if you know that it is dead, add --force-unlock (FORCE_UNLOCK=1 with make); ` +
      `${typed(target, ['get', 'lease', leaseName])} shows it`,
  );
}

function describe({ who, doing, since }: Holder, target: Target): string {
  const where = `namespace ${target.namespace} of ${placeOf(target)}`;
  return `${who} has been ${doing} ${where} since ${since.toISOString()}`;
}

function ourselves(): string {
  return `${userName()}@${hostname()} (process ${process.pid})`;
}

/** A user without an entry in the list of users, as in some containers, has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
}
