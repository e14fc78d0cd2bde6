import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { kubectl, type Target } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { cleanUpOnExit } from '../process/cleanup.ts';
import { UserError } from '../process/errors.ts';
import { say, secondsSince } from '../process/output.ts';
import { sha256Of, writeSums } from './files/checksums.ts';
import { backupName, unfinished } from './files/directory.ts';
import { seal } from './files/encryption.ts';
import { megabytes, readable } from './files/list.ts';
import {
  filesOf,
  type Manifest,
  manifestFile,
  type SavedFile,
  writeManifest,
} from './files/manifest.ts';
import { outdatedOf } from './files/retention.ts';
import type { StoreName } from './files/stores.ts';
import { fingerprint } from './login.ts';
import { saveStore } from './save-store.ts';
import { readSecrets, secretNames, valuesOf } from './secrets.ts';
import { requireRunning } from './volume/scale-down.ts';

export interface BackupOptions {
  readonly directory: string;
  readonly stores: readonly StoreName[];
  /** Saves the Secrets too, under this passphrase. @default - no Secrets */
  readonly passphrase?: string;
  /** How many backups of each store stay. @default - all */
  readonly keep?: number;
  readonly helperImage?: string;
}

/** Makes a backup; gives its directory. */
export async function backup(session: Session, options: BackupOptions): Promise<string> {
  const start = performance.now();
  const { target } = session;
  for (const store of options.stores) await requireRunning(target, store);
  const createdAt = new Date();
  const name = backupName(createdAt);
  const finished = join(options.directory, name);
  const directory = `${finished}${unfinished}`;
  // Logs and metrics are nobody else's business on a shared machine.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const discard = () => rmSync(directory, { recursive: true, force: true });
  const settled = cleanUpOnExit(discard);
  try {
    const manifest = await fill(session, options, directory, createdAt);
    writeManifest(directory, manifest);
    await writeSums(directory, [manifestFile, ...filesOf(manifest).map(({ file }) => file)]);
    renameSync(directory, finished);
  } catch (error) {
    discard();
    throw error;
  } finally {
    settled();
  }
  for (const old of removeOld(options)) say(`  ${old} removed: --keep ${options.keep}`);
  say(`backup made in ${secondsSince(start)} s: ${finished}`);
  return finished;
}

async function fill(
  session: Session,
  { stores, passphrase, helperImage }: BackupOptions,
  directory: string,
  createdAt: Date,
): Promise<Manifest> {
  const { target, settings } = session;
  const saved: Manifest['stores'] = {};
  for (const store of stores) {
    const done = await saveStore(session, store, directory, helperImage);
    saved[store] = done;
    say(
      `  ${store.padEnd(14)} ${megabytes(done.archive.bytes)} of ${done.files} files, ${megabytes(done.bytes)}; away for ${done.awaySeconds} s`,
    );
  }
  const secrets = await readSecrets(target, secretNames(settings));
  const login = secrets.find(({ metadata }) => metadata.name === adminSecret.name);
  return {
    format: 1,
    mantis: mantisVersion(),
    kubernetes: await kubernetesVersion(target),
    ...target,
    createdAt: createdAt.toISOString(),
    stores: saved,
    login: login && fingerprint(valuesOf(login)),
    secrets:
      passphrase === undefined
        ? undefined
        : {
            ...(await saveSealed(directory, JSON.stringify(secrets), passphrase)),
            names: secrets.map(({ metadata }) => metadata.name),
          },
  };
}

async function saveSealed(directory: string, text: string, passphrase: string): Promise<SavedFile> {
  const file = 'secrets.sealed.json';
  const sealed = seal(text, passphrase);
  writeFileSync(join(directory, file), sealed, { mode: 0o600 });
  return { file, bytes: Buffer.byteLength(sealed), sha256: await sha256Of(join(directory, file)) };
}

function removeOld({ directory, keep }: BackupOptions): string[] {
  if (keep === undefined) return [];
  const old = outdatedOf(readable(directory), keep);
  for (const name of old) rmSync(join(directory, name), { recursive: true });
  return old;
}

/** How many backups to keep, as a person writes it. */
export function keepCount(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(written)) return Number(written);
  throw new UserError(`--keep must be a number from 1 to 9999, got "${written}"`);
}

function mantisVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')))
    .version;
}

const versionSchema = z.object({ serverVersion: z.object({ gitVersion: z.string() }) });

async function kubernetesVersion(target: Target): Promise<string> {
  const output = await kubectl(target, ['version', '--output=json']);
  return versionSchema.parse(JSON.parse(output)).serverVersion.gitVersion;
}
