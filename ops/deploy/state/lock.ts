import { hostname, userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { leaseName } from '../../../lib/model/lease.ts';
import { describeTarget, kubectlHint, kubectlOnExit, type Target } from '../../cluster/kubectl.ts';
import { UserError } from '../../process/errors.ts';
import { Interrupted } from '../../process/interruptible.ts';
import { print, printWarning } from '../../process/output.ts';
import {
  type Holder,
  holderOf,
  isExpired,
  type Lease,
  readLease,
  releaseArgs,
  writeLease,
} from './lease.ts';

const renewSeconds = 10;

export interface LockOptions {
  /** What the holder does, for messages: `deploying to`. */
  readonly operation: string;
  readonly force?: boolean;
  /** The version when the plan was made; with any other version the plan may be outdated. */
  readonly expectedVersion?: LockVersion;
}

/** Changes each time the lock gets a new holder. */
export type LockVersion = string;

/**
 * Runs work while holding the lock, so that no other process deploys, undeploys or restores.
 *
 * @param work gets a signal that is aborted if another process takes the lock with --force-unlock
 * @throws UserError if another process holds the lock
 */
export async function withLock<T>(
  target: Target,
  options: LockOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const { operation } = options;
  const holder: Holder = { identity: ownIdentity(), operation, since: new Date() };
  let lease = await acquireLock(target, holder, options);
  const lost = new AbortController();
  // Otherwise the next process would have to wait until the Lease expires.
  const cancelReleaseOnExit = kubectlOnExit(target, releaseArgs(holder));
  const ended = new AbortController();
  const renewing = (async () => {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      await pause(renewSeconds * 1000, undefined, { signal: ended.signal }).catch(() => {});
      if (ended.signal.aborted) return;
      // Errors are ignored: an API server that does not answer for a moment does not end the work.
      const renewed = await writeLease(target, lease, holder).catch(() => lease);
      if (renewed !== undefined) {
        lease = renewed;
        continue;
      }
      cancelReleaseOnExit();
      lost.abort(new Interrupted(`the lock was lost: ${await describeNewHolder(target)}`));
    }
  })();
  try {
    return await work(lost.signal);
  } finally {
    ended.abort();
    await renewing;
    cancelReleaseOnExit();
    if (!lost.signal.aborted) await releaseLock(target, lease);
  }
}

async function releaseLock(target: Target, lease: Lease): Promise<void> {
  try {
    // The Lease may be deleted, with its namespace.
    await writeLease(target, lease, undefined);
  } catch {
    printWarning(`the lock could not be released; it expires within a minute`);
  }
}

/** Checks that no other process holds the lock, without taking it. */
export async function requireUnlocked(target: Target, force = false): Promise<LockVersion> {
  const lease = await readLease(target);
  if (lease !== undefined && !force) throwIfHeld(target, lease);
  return lockVersion(lease);
}

function lockVersion(lease: Lease | undefined): LockVersion {
  return lease === undefined ? 'none' : `${lease.metadata.uid}/${lease.spec.leaseTransitions}`;
}

function throwIfHeld(target: Target, lease: Lease): void {
  const holder = holderOf(lease);
  if (holder !== undefined && !isExpired(lease, new Date())) throw lockError(target, holder, lease);
}

async function acquireLock(target: Target, holder: Holder, options: LockOptions): Promise<Lease> {
  const { force, expectedVersion } = options;
  const lease = await readLease(target);
  const other = lease && holderOf(lease);
  if (lease !== undefined && other !== undefined && !force) {
    throwIfHeld(target, lease);
    await confirmExpired(target, lease, other);
  }
  if (expectedVersion !== undefined && expectedVersion !== lockVersion(lease) && !force) {
    throw new UserError(
      `namespace ${target.namespace} may have changed since the plan was printed: run the command again`,
    );
  }
  const taken = await writeLease(target, lease, holder);
  if (taken !== undefined) {
    if (other !== undefined) printWarning(`the lock was taken from ${other.identity}`);
    return taken;
  }
  const now = await readLease(target);
  const newHolder = now && holderOf(now);
  if (now === undefined || newHolder === undefined) {
    throw new UserError('another process took and released the lock: run the command again');
  }
  throw lockError(target, newHolder, now);
}

/** Clocks may differ: an expired Lease is watched, as a running holder renews it. */
async function confirmExpired(target: Target, lease: Lease, holder: Holder): Promise<void> {
  print(
    `${describe(holder, target)}, but its lock has expired: waiting ${2 * renewSeconds} s for a renewal`,
  );
  await pause(2 * renewSeconds * 1000);
  const later = await readLease(target);
  if (later === undefined || later.metadata.resourceVersion === lease.metadata.resourceVersion) {
    return;
  }
  const now = holderOf(later);
  if (now !== undefined) throw lockError(target, now, later);
}

async function describeNewHolder(target: Target): Promise<string> {
  const lease = await readLease(target).catch(() => undefined);
  const holder = lease && holderOf(lease);
  return holder === undefined ? 'it has no holder now' : describe(holder, target);
}

function lockError(target: Target, holder: Holder, { spec }: Lease): UserError {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(spec.renewTime ?? '')) / 1000));
  return new UserError(
    `${describe(holder, target)} (lock renewed ${seconds} s ago): ` +
      `wait until it is done or, if you know that it is no longer running, add --force-unlock (FORCE_UNLOCK=1 with make); ` +
      `${kubectlHint(target, ['get', 'lease', leaseName])} shows it`,
  );
}

function describe({ identity, operation, since }: Holder, target: Target): string {
  const where = `namespace ${target.namespace} of ${describeTarget(target)}`;
  return `${identity} has been ${operation} ${where} since ${since.toISOString()}`;
}

function ownIdentity(): string {
  return `${userName()}@${hostname()} (process ${process.pid})`;
}

/** The user name, or the uid of a user without an entry in /etc/passwd, as in some containers. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
}
