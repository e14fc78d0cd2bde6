import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import type { Session } from '../cluster/session.ts';
import { confirmLoss } from '../process/confirm.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { say, secondsSince, warn } from '../process/output.ts';
import { retryUntil } from '../process/retry.ts';
import { missing } from './consistency-checks.ts';
import { unseal } from './files/encryption.ts';
import type { Manifest, SavedStore } from './files/manifest.ts';
import type { StoreName } from './files/stores.ts';
import { verify } from './files/verify.ts';
import { incompatible } from './files/versions.ts';
import { isSameLogin } from './login.ts';
import { restoreStore } from './restore-store.ts';
import { parseSecrets, readSecrets, type Secret, valuesOf, writeSecrets } from './secrets.ts';
import { requireRunning, type StoreState } from './volume/scale-down.ts';

export interface RestoreOptions {
  /** The backup. */
  readonly directory: string;
  readonly stores: readonly StoreName[];
  /** Restores the Secrets too, which have this passphrase. @default - no Secrets */
  readonly passphrase?: string;
  readonly yes: boolean;
  /** Takes data of any release. */
  readonly anyVersion: boolean;
  /** Restores Grafana although its data belongs to another Secret. */
  readonly otherLogin: boolean;
  readonly helperImage?: string;
}

type Chosen = { readonly store: StoreName; readonly saved: SavedStore };

/** Gives the stores of a cluster what a backup holds, in the place of what they hold. */
export async function restore(session: Session, options: RestoreOptions): Promise<void> {
  const start = performance.now();
  const { target } = session;
  const { directory } = options;
  const manifest = await verify(directory);
  say(`${directory} is sound: made ${manifest.createdAt} of namespace ${manifest.namespace}`);
  const chosen = choose(manifest, options);
  for (const { store, saved } of chosen) {
    requireVersion(store, saved, await requireRunning(target, store), options.anyVersion);
  }
  const secrets = openSecrets(directory, manifest, options.passphrase);
  if (chosen.some(({ store }) => store === 'grafana')) {
    await requireLogin(session, manifest, secrets, options.otherLogin);
  }
  if (!options.yes) {
    const names = chosen.map(({ store }) => store).join(', ');
    const what = `This replaces all that ${names} in namespace ${target.namespace} of context ${target.context} hold now.`;
    await confirmLoss(what, target.namespace, '--yes (YES=1 for make)');
  }
  await writeSecrets(target, secrets);
  for (const { metadata } of secrets) say(`  Secret ${metadata.name} restored`);
  for (const { store, saved } of chosen) {
    const away = await restoreStore(session, store, directory, saved, options.helperImage);
    say(`  ${store.padEnd(14)} restored; away for ${away} s`);
  }
  await compare(session, chosen, options);
  say(`restored in ${secondsSince(start)} s`);
}

function choose({ stores }: Manifest, { stores: wanted, directory }: RestoreOptions): Chosen[] {
  const chosen = wanted.flatMap((store) => {
    const saved = stores[store];
    return saved === undefined ? [] : [{ store, saved }];
  });
  if (chosen.length > 0) return chosen;
  throw new UserError(`${directory} holds none of ${wanted.join(', ')}`);
}

function requireVersion(
  store: StoreName,
  { image }: SavedStore,
  state: StoreState,
  anyVersion: boolean,
): void {
  const why = incompatible(image, state.image);
  if (why === undefined) return;
  if (!anyVersion) {
    throw new UserError(
      `${store}: the backup was ${why}, which may not read it: deploy the release of the backup first, or try with --any-version`,
    );
  }
  warn(`${store}: the backup was ${why}`);
}

function openSecrets(directory: string, manifest: Manifest, passphrase?: string): Secret[] {
  if (passphrase === undefined) return [];
  if (manifest.secrets === undefined) {
    throw new UserError(`${directory} holds no Secrets: it was made without --secrets`);
  }
  const sealed = readFileSync(join(directory, manifest.secrets.file), 'utf8');
  return parseSecrets(unseal(sealed, passphrase));
}

/** Grafana's database opens only with the Secret that it was made with. */
async function requireLogin(
  { target }: Session,
  { login }: Manifest,
  restored: readonly Secret[],
  otherLogin: boolean,
): Promise<void> {
  const there = restored.length > 0 ? restored : await readSecrets(target, [adminSecret.name]);
  const secret = there.find(({ metadata }) => metadata.name === adminSecret.name);
  if (login === undefined || secret === undefined || isSameLogin(login, valuesOf(secret))) return;
  if (otherLogin) {
    warn('Grafana keeps the login of the backup; the Secret of the cluster is another');
    return;
  }
  throw new UserError(
    `Grafana's data in this backup belongs to another Secret ${adminSecret.name} than the cluster has: the password would not match, and what Grafana has encrypted could not be read. ` +
      'Restore the Secret too (--secrets), leave Grafana out (--only), or see --other-login in docs/backup.md',
  );
}

/** Sees that the stores answer, and that they hold what they held before the backup. */
async function compare(
  session: Session,
  chosen: readonly Chosen[],
  { otherLogin }: RestoreOptions,
): Promise<void> {
  const complaints: string[] = [];
  for (const { store, saved } of chosen) {
    // Nobody could ask Grafana under a login that it does not know.
    if (store === 'grafana' && otherLogin) continue;
    const found = await settled(session, store, saved);
    complaints.push(...found);
    if (found.length > 0) continue;
    const asked = `${saved.evidence.length} asked again`;
    say(`  ${store.padEnd(14)} answers as before the backup (${asked})`);
  }
  if (complaints.length === 0) return;
  throw new UserError(
    `restored, but not all that was there before the backup is found:\n  ${complaints.join('\n  ')}`,
  );
}

/** A store that has just become ready may still be reading what it was given. */
async function settled(
  session: Session,
  store: StoreName,
  { evidence }: SavedStore,
): Promise<string[]> {
  let complaints: string[] = [];
  const probe = async () => {
    complaints = await missing(session, store, evidence);
    if (complaints.length > 0) throw new UserError(complaints[0]);
  };
  try {
    await retryUntil(`${store} to hold what it did`, probe, { timeoutSeconds: 90, everyMs: 2000 });
    return [];
  } catch (error) {
    return complaints.length > 0 ? complaints : [`${store}: ${messageOf(error)}`];
  }
}
