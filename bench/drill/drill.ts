import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackupOptions, backup } from '../../ops/backup/backup.ts';
import { readManifest } from '../../ops/backup/files/backup-manifest.ts';
import { defaultDirectory } from '../../ops/backup/files/directory.ts';
import { restore } from '../../ops/backup/restore.ts';
import type { Bucket } from '../../ops/backup/s3/bucket.ts';
import {
  findRemoteBackup,
  removeRemoteBackup,
  uploadBackup,
  withDownload,
} from '../../ops/backup/s3/remote-backups.ts';
import { readSecrets, secretNames } from '../../ops/backup/secrets.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { UserError } from '../../ops/process/errors.ts';
import { print, runStep, secondsSince } from '../../ops/process/output.ts';
import { storeNames } from '../../ops/stores/stores.ts';
import { Ledger } from '../delivery/ledger.ts';
import { itemTypes } from '../delivery/numbered-batch.ts';
import { Sender } from '../delivery/sender.ts';
import { type DrillConsent, requireConsent } from './confirm-deletion.ts';
import { deleteNamespaceAndVolumes, redeploy } from './redeploy.ts';
import {
  countStored,
  createTestObjects,
  deleteTestObjects,
  reportRestored,
  waitUntilAllStored,
} from './restore-checks.ts';

export interface DrillOptions extends DrillConsent {
  readonly keepBackup?: true;
  /** Where the backup is uploaded to and restored from. @default - the local directory */
  readonly bucket?: Bucket;
}

/** Items with times before the drill: a batch of ten for each of the last hundred seconds. */
const backlog = { batches: 100, size: 10 };

/**
 * `npm run drill`: tests backup and restore. Writes numbered telemetry, a dashboard and a silence,
 * backs up, deletes the namespace, restores, and verifies that everything is restored.
 *
 * @throws UserError if anything is missing
 */
export async function drill(session: Session, options: DrillOptions): Promise<void> {
  await requireConsent(session, options);
  const { target, settings } = session;
  await waitForRollout(target, { timeoutSeconds: 120, onReady: () => {} });
  const ledger = new Ledger();
  await runStep(
    () => writeBacklog(session, ledger),
    () => `${writtenItems(ledger)} log lines, spans and samples written and stored`,
  );
  const testObjects = await createTestObjects(session, `drill-${ledger.run}`);

  const passphrase = randomBytes(24).toString('base64url');
  const parts = { directory: defaultDirectory, stores: storeNames, passphrase };
  const directory = await backupWhileWriting(session, ledger, parts);
  const during = writtenItems(ledger) - backlog.batches * backlog.size;
  await runStep(
    () => waitUntilAllStored(session, ledger),
    () => `the backup lost none of them, and none of ${during} written during the backup`,
  );

  const { bucket } = options;
  const manifest = readManifest(directory);
  if (bucket !== undefined) {
    await uploadBackup(bucket, directory);
    rmSync(directory, { recursive: true });
    print(`${directory} deleted on this machine`);
  }

  const secrets = await readSecrets(target, secretNames(settings));
  const deleting = performance.now();
  await runStep(
    () => deleteNamespaceAndVolumes(target),
    () => `namespace ${target.namespace} deleted with its volumes`,
  );
  await redeploy(session, secrets);
  const left = await countStored(session, ledger);
  if (left > 0)
    throw new UserError(`${left} items are stored before the restore: the volumes are not new`);
  print('no item is stored: the volumes are new');
  const restoring = performance.now();
  const flags = { yes: true, anyVersion: false, otherLogin: false } as const;
  const restoreFrom = (from: string) => restore(session, { ...parts, ...flags, directory: from });
  if (bucket === undefined) await restoreFrom(directory);
  else {
    const remote = await findRemoteBackup(bucket, basename(directory));
    await withDownload(bucket, remote, defaultDirectory, restoreFrom);
  }
  const times = `restored ${secondsSince(deleting)} s after the start of the deletion; the restore took ${secondsSince(restoring)} s`;
  const errors = await reportRestored(session, ledger, manifest, testObjects);
  print(times);
  if (errors > 0) {
    throw new UserError(
      `the drill failed: ${errors} items are missing or duplicated; the backup is ${bucket?.url ?? defaultDirectory}/${basename(directory)}`,
    );
  }
  await deleteTestObjects(session, testObjects);
  if (!options.keepBackup) {
    rmSync(directory, { recursive: true, force: true });
    if (bucket !== undefined) await removeRemoteBackup(bucket, basename(directory));
  }
  print('the drill passed: everything older than the backup is restored, and so is the login');
}

/** How many items of each type were written. */
function writtenItems(ledger: Ledger): number {
  return ledger.deliveries().logs.sent;
}

/** Sends the next items of every type. @param at the time of the first, in milliseconds */
async function writeItems(sender: Sender, ledger: Ledger, size: number, at: number): Promise<void> {
  for (const type of itemTypes) {
    const entry = ledger.add(type, size, at);
    await sender.send(entry);
    if (!entry.acknowledged) throw new UserError(`the collector did not accept ${type}`);
  }
}

/** Writes items with past times, so that not all of them are in the newest blocks. */
async function writeBacklog(session: Session, ledger: Ledger): Promise<void> {
  const { batches, size } = backlog;
  const since = Date.now() - batches * 1000;
  const sender = new Sender(session);
  for (let batch = 0; batch < batches; batch += 1) {
    await writeItems(sender, ledger, size, since + batch * 1000);
  }
  await sender.close();
  await waitUntilAllStored(session, ledger);
}

/** Makes a backup while more items arrive. @returns the directory of the backup */
async function backupWhileWriting(
  session: Session,
  ledger: Ledger,
  options: BackupOptions,
): Promise<string> {
  const sender = new Sender(session);
  let done = false;
  const saving = backup(session, options).finally(() => {
    done = true;
  });
  const writing = (async () => {
    while (!done) {
      await writeItems(sender, ledger, 1, Date.now());
      await sleep(250);
    }
  })();
  const [saved, wrote] = await Promise.allSettled([saving, writing]);
  await sender.close();
  if (saved.status === 'rejected') throw saved.reason;
  if (wrote.status === 'rejected') throw wrote.reason;
  return saved.value;
}
