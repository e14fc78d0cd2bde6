import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import type { Session } from '../cluster/session.ts';
import { confirmDataLoss } from '../process/confirm.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { print, printWarning, secondsSince } from '../process/output.ts';
import { retryUntil } from '../process/retry.ts';
import type { StoreName } from '../stores/store.ts';
import { findMissing } from './consistency-checks.ts';
import type { BackupManifest, SavedStore } from './files/backup-manifest.ts';
import { decrypt } from './files/encryption.ts';
import { deployedStores } from './files/parse-stores.ts';
import { verifyBackup } from './files/verify.ts';
import { incompatibilityReason } from './files/versions.ts';
import { matchesLogin } from './login-fingerprint.ts';
import { restoreStore } from './restore-store.ts';
import { parseSecrets, readSecrets, type Secret, valuesOf, writeSecrets } from './secrets.ts';
import { requireRunning } from './volume/scale-down.ts';

export interface RestoreOptions {
  readonly directory: string;
  readonly stores: readonly StoreName[];
  /** Restores the Secrets too, with this passphrase. @default - no Secrets */
  readonly passphrase?: string;
  readonly yes: boolean;
  readonly anyVersion: boolean;
  /** Restores Grafana although its data belongs to another Secret. */
  readonly otherLogin: boolean;
}

type StoreToRestore = { readonly store: StoreName; readonly saved: SavedStore };

export async function restore(session: Session, wanted: RestoreOptions): Promise<void> {
  const start = performance.now();
  const options = { ...wanted, stores: deployedStores(wanted.stores, session.settings) };
  const { target } = session;
  const { directory } = options;
  const manifest = await verifyBackup(directory);
  print(`${directory} is valid: made ${manifest.createdAt} of namespace ${manifest.namespace}`);
  const selected = selectStores(manifest, options);
  for (const { store, saved } of selected) {
    const { image } = await requireRunning(target, store);
    requireVersion(store, saved, image, options.anyVersion);
  }
  const secrets = await readBackupSecrets(directory, manifest, options.passphrase);
  if (selected.some(({ store }) => store === 'grafana')) {
    await requireLogin(session, manifest, secrets, options.otherLogin);
  }
  if (!options.yes) {
    const names = selected.map(({ store }) => store).join(', ');
    const what = `This replaces all data of ${names} in namespace ${target.namespace} of context ${target.context}.`;
    await confirmDataLoss(what, target.namespace, '--yes (YES=1 for make)');
  }
  await writeSecrets(target, secrets);
  for (const { metadata } of secrets) print(`  Secret ${metadata.name} restored`);
  for (const { store, saved } of selected) {
    const downSeconds = await restoreStore(session, store, directory, saved);
    print(`  ${store.padEnd(14)} restored; down for ${downSeconds} s`);
  }
  await checkConsistency(session, selected, options);
  print(`restored in ${secondsSince(start)} s`);
}

function selectStores(manifest: BackupManifest, { stores, directory }: RestoreOptions) {
  const selected: StoreToRestore[] = stores.flatMap((store) => {
    const saved = manifest.stores[store];
    return saved === undefined ? [] : [{ store, saved }];
  });
  if (selected.length > 0) return selected;
  throw new UserError(`${directory} holds none of ${stores.join(', ')}`);
}

function requireVersion(
  store: StoreName,
  { image }: SavedStore,
  running: string,
  anyVersion: boolean,
): void {
  const why = incompatibilityReason(image, running);
  if (why === undefined) return;
  if (!anyVersion) {
    throw new UserError(
      `${store}: the backup was ${why}, which may not read it: deploy the release of the backup first, or try with --any-version`,
    );
  }
  printWarning(`${store}: the backup was ${why}`);
}

async function readBackupSecrets(
  directory: string,
  manifest: BackupManifest,
  passphrase?: string,
): Promise<Secret[]> {
  if (passphrase === undefined) return [];
  if (manifest.secrets === undefined) {
    throw new UserError(`${directory} holds no Secrets: it was made without --secrets`);
  }
  const encrypted = readFileSync(join(directory, manifest.secrets.file));
  return parseSecrets(await decrypt(encrypted, passphrase));
}

/** Refuses Grafana's data if it belongs to another Secret than the cluster has. */
async function requireLogin(
  { target }: Session,
  { login }: BackupManifest,
  restored: readonly Secret[],
  otherLogin: boolean,
): Promise<void> {
  const there = restored.length > 0 ? restored : await readSecrets(target, [adminSecret.name]);
  const secret = there.find(({ metadata }) => metadata.name === adminSecret.name);
  if (login === undefined || secret === undefined || matchesLogin(login, valuesOf(secret))) return;
  if (otherLogin) {
    printWarning('Grafana keeps the login of the backup; the Secret of the cluster has another');
    return;
  }
  throw new UserError(
    `Grafana's data in this backup belongs to another Secret ${adminSecret.name} than the cluster has: the password would not match, and what Grafana has encrypted could not be read. ` +
      'Restore the Secret too (--secrets), leave Grafana out (--only), or see --other-login in docs/backup.md',
  );
}

async function checkConsistency(
  session: Session,
  selected: readonly StoreToRestore[],
  { otherLogin }: RestoreOptions,
): Promise<void> {
  const missing: string[] = [];
  for (const { store, saved } of selected) {
    // Grafana then does not accept the login of the cluster's Secret.
    if (store === 'grafana' && otherLogin) continue;
    const found = await waitForConsistency(session, store, saved);
    missing.push(...found);
    if (found.length > 0) continue;
    print(`  ${store.padEnd(14)} has the data of the backup (${saved.evidence.length} queries)`);
  }
  if (missing.length === 0) return;
  throw new UserError(
    `restored, but some data of the backup is not found:\n  ${missing.join('\n  ')}`,
  );
}

/** Retries, because a store that has just become ready may still be loading its data. */
async function waitForConsistency(
  session: Session,
  store: StoreName,
  { evidence }: SavedStore,
): Promise<string[]> {
  let missing: string[] = [];
  const check = async () => {
    missing = await findMissing(session, store, evidence);
    if (missing.length > 0) throw new UserError(missing[0]);
  };
  try {
    await retryUntil(`${store} to have its data`, check, { timeoutSeconds: 90, intervalMs: 2000 });
    return [];
  } catch (error) {
    return missing.length > 0 ? missing : [`${store}: ${messageOf(error)}`];
  }
}
