import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { version } from '../../lib/model/version.ts';
import { kubectlJson } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { versionsSchema } from '../deploy/requirements/versions.ts';
import { cleanUpOnExit } from '../process/cleanup.ts';
import { UserError } from '../process/errors.ts';
import { print, secondsSince } from '../process/output.ts';
import type { StoreName } from '../stores/store.ts';
import {
  type BackupManifest,
  filesOf,
  manifestFile,
  writeManifest,
} from './files/backup-manifest.ts';
import { writeChecksums } from './files/checksums.ts';
import { backupName, partialSuffix } from './files/directory.ts';
import { encrypt } from './files/encryption.ts';
import { megabytes, readBackups } from './files/list.ts';
import { deployedStores } from './files/parse-stores.ts';
import { expiredBackups } from './files/retention.ts';
import { fingerprintLogin } from './login-fingerprint.ts';
import { saveStore } from './save-store.ts';
import { readSecrets, secretNames, valuesOf } from './secrets.ts';
import { requireRunning } from './volume/scale-down.ts';

export interface BackupOptions {
  readonly directory: string;
  readonly stores: readonly StoreName[];
  /** Saves the Secrets too, under this passphrase. @default - no Secrets */
  readonly passphrase?: string;
  /** How many backups of each store are kept. @default - all */
  readonly keep?: number;
}

/** Makes a backup. @returns its directory */
export async function backup(session: Session, wanted: BackupOptions): Promise<string> {
  const start = performance.now();
  const options = { ...wanted, stores: deployedStores(wanted.stores, session.settings) };
  const { target } = session;
  for (const store of options.stores) await requireRunning(target, store);
  const createdAt = new Date();
  const name = backupName(createdAt);
  const finalDirectory = join(options.directory, name);
  const directory = `${finalDirectory}${partialSuffix}`;
  // Not readable by other users of the machine.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const discard = () => rmSync(directory, { recursive: true, force: true });
  const cancelCleanup = cleanUpOnExit(discard);
  try {
    const { manifest, checksums } = await saveContents(session, options, directory, createdAt);
    writeManifest(directory, manifest);
    const files = [manifestFile, ...filesOf(manifest).map(({ file }) => file)];
    await writeChecksums(directory, files, checksums);
    renameSync(directory, finalDirectory);
  } catch (error) {
    discard();
    throw error;
  } finally {
    cancelCleanup();
  }
  for (const old of removeExpired(options)) print(`  ${old} removed: --keep ${options.keep}`);
  print(`backup made in ${secondsSince(start)} s: ${finalDirectory}`);
  return finalDirectory;
}

async function saveContents(
  session: Session,
  { stores, passphrase }: BackupOptions,
  directory: string,
  createdAt: Date,
): Promise<{ manifest: BackupManifest; checksums: Map<string, string> }> {
  const { target, settings } = session;
  const { serverVersion } = await kubectlJson(target, versionsSchema, ['version']);
  const saved: BackupManifest['stores'] = {};
  const checksums = new Map<string, string>();
  for (const store of stores) {
    const { saved: done, sha256 } = await saveStore(session, store, directory);
    saved[store] = done;
    checksums.set(done.archive.file, sha256);
    print(
      `  ${store.padEnd(14)} ${megabytes(done.archive.bytes)} of ${done.files} files, ${megabytes(done.bytes)}; down for ${done.awaySeconds} s`,
    );
  }
  const secrets = await readSecrets(target, secretNames(settings));
  const login = secrets.find(({ metadata }) => metadata.name === adminSecret.name);
  const manifest: BackupManifest = {
    format: 1,
    mantis: version,
    kubernetes: serverVersion.gitVersion,
    ...target,
    createdAt: createdAt.toISOString(),
    stores: saved,
    login: login && fingerprintLogin(valuesOf(login)),
    secrets:
      passphrase === undefined
        ? undefined
        : {
            ...(await saveEncrypted(directory, JSON.stringify(secrets), passphrase)),
            names: secrets.map(({ metadata }) => metadata.name),
          },
  };
  return { manifest, checksums };
}

async function saveEncrypted(directory: string, text: string, passphrase: string) {
  const file = 'secrets.age';
  const encrypted = await encrypt(text, passphrase);
  writeFileSync(join(directory, file), encrypted, { mode: 0o600 });
  return { file, bytes: encrypted.length };
}

function removeExpired({ directory, keep }: BackupOptions): string[] {
  if (keep === undefined) return [];
  const old = expiredBackups(readBackups(directory), keep);
  for (const name of old) rmSync(join(directory, name), { recursive: true });
  return old;
}

export function parseKeep(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw new UserError(`--keep must be a number from 1 to 9999, got "${value}"`);
}
