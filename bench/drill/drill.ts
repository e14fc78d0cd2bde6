import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackupOptions, backup } from '../../ops/backup/backup.ts';
import { defaultDirectory } from '../../ops/backup/files/directory.ts';
import { readManifest } from '../../ops/backup/files/manifest.ts';
import { storeNames } from '../../ops/backup/files/stores.ts';
import { restore } from '../../ops/backup/restore.ts';
import type { Bucket } from '../../ops/backup/s3/bucket.ts';
import { findRemote, removeRemote, upload, withDownload } from '../../ops/backup/s3/remote.ts';
import { readSecrets, secretNames } from '../../ops/backup/secrets.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/connections.ts';
import { messageOf, UserError } from '../../ops/process/errors.ts';
import { say, secondsSince, step } from '../../ops/process/output.ts';
import { type DrillConsent, requireConsent } from './consent.ts';
import { allStored, countStored, leaveMarks, removeMarks, report } from './counts.ts';
import { nothingWritten, type Written, write } from './numbered.ts';
import { deleteEverything, deployAgain } from './rebuild.ts';

export interface DrillOptions extends DrillConsent {
  readonly keepBackup?: true;
  readonly helperImage?: string;
  /** Where the backup goes, and comes back from. @default - it stays on this machine */
  readonly bucket?: Bucket;
}

/** Ten items in each of the hundred seconds before the drill. */
const before = { batches: 100, size: 10 };

/**
 * Proves that backups are good for something: numbered telemetry, a dashboard and a silence are
 * written, saved, deleted with everything else, restored and counted.
 *
 * @throws UserError when anything is missing
 */
export async function drill(session: Session, options: DrillOptions): Promise<void> {
  await requireConsent(session, options);
  const { target, settings } = session;
  await waitForRollout(target, { timeoutSeconds: 120, onReady: () => {} });
  const written = nothingWritten(Date.now() - before.batches * 1000);
  await step(
    () => writePast(session, written),
    () => `${written.times.size} log lines, spans and samples written and found`,
  );
  const marks = await leaveMarks(session, `drill-${written.run}`);

  const passphrase = randomBytes(24).toString('base64url');
  const { helperImage } = options;
  const parts = { directory: defaultDirectory, stores: storeNames, passphrase, helperImage };
  const directory = await backupWhileWriting(session, written, parts);
  const during = written.times.size - before.batches * before.size;
  await step(
    () => allStored(session, written),
    () => `none of them, nor of ${during} written during the backup, is lost by it`,
  );

  const { bucket } = options;
  const manifest = readManifest(directory);
  if (bucket !== undefined) {
    await upload(bucket, directory);
    rmSync(directory, { recursive: true });
    say(`${directory} deleted here`);
  }

  const secrets = await readSecrets(target, secretNames(settings));
  const lost = performance.now();
  await step(
    () => deleteEverything(target),
    () => `namespace ${target.namespace} deleted with its volumes`,
  );
  await deployAgain(session, secrets);
  const left = await countStored(session, written);
  if (left > 0)
    throw new UserError(`${left} items are there before the restore: it proves nothing`);
  say('none of the items is there: the volumes are new');
  const restoring = performance.now();
  const plainly = { yes: true, anyVersion: false, otherLogin: false } as const;
  const restoreFrom = (from: string) => restore(session, { ...parts, ...plainly, directory: from });
  if (bucket === undefined) await restoreFrom(directory);
  else {
    const remote = await findRemote(bucket, basename(directory));
    await withDownload(bucket, remote, defaultDirectory, restoreFrom);
  }
  const times = `all is back ${secondsSince(lost)} s after the deletion began; the restore took ${secondsSince(restoring)} s of them`;
  const wrong = await report(session, written, manifest, marks);
  say(times);
  if (wrong > 0) {
    throw new UserError(
      `the drill failed: ${wrong} items are wrong; the backup is ${bucket?.url ?? defaultDirectory}/${basename(directory)}`,
    );
  }
  await removeMarks(session, marks);
  if (!options.keepBackup) {
    rmSync(directory, { recursive: true, force: true });
    if (bucket !== undefined) await removeRemote(bucket, basename(directory));
  }
  say('the drill passed: all that was older than the backup is back. The login is what it was:');
  say('  make grafana prints it');
}

/** Items as if they had come one by one, so that they are not all in memory's newest corner. */
async function writePast(session: Session, written: Written): Promise<void> {
  await withForwards(session, ['otlpHttp'], async ({ otlpHttp }) => {
    for (let batch = 0; batch < before.batches; batch += 1) {
      await write(otlpHttp, written, written.since + batch * 1000, before.size);
    }
  });
  await allStored(session, written);
}

/** Makes a backup while items go on arriving, as they do in life. */
function backupWhileWriting(
  session: Session,
  written: Written,
  options: BackupOptions,
): Promise<string> {
  return withForwards(session, ['otlpHttp'], async ({ otlpHttp }) => {
    let done = false;
    const saving = backup(session, options).finally(() => {
      done = true;
    });
    const writing = (async () => {
      while (!done) {
        await write(otlpHttp, written, Date.now());
        await sleep(250);
      }
    })();
    const [saved, wrote] = await Promise.allSettled([saving, writing]);
    if (saved.status === 'rejected') throw saved.reason;
    if (wrote.status === 'fulfilled') return saved.value;
    throw new UserError(`the collector took no telemetry: ${messageOf(wrote.reason)}`);
  });
}
