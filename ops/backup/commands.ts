import { join } from 'node:path';
import type { Command } from 'commander';
import { contextOption, forceUnlockOption } from '../context-option.ts';
import { withLock } from '../deploy/lock.ts';
import { say } from '../output.ts';
import { requireTools } from '../preflight.ts';
import { openSession } from '../session.ts';
import { messageOf, UserError } from '../user-error.ts';
import { backup, keepCount } from './backup.ts';
import { backupNames, defaultDirectory, findBackup, userPath } from './directory.ts';
import { drill } from './drill.ts';
import { list, printList } from './list.ts';
import { type RestoreOptions, restore } from './restore.ts';
import type { Bucket } from './s3/bucket.ts';
import { isS3, parseBackupUrl } from './s3/location.ts';
import { openBucket } from './s3/open.ts';
import { findRemote, remoteBackups, removeOldRemotes, upload, withDownload } from './s3/remote.ts';
import { passphraseVariable, readPassphrase } from './sealed.ts';
import { chosenStores, storeNames } from './stores.ts';
import { verify } from './verify.ts';

const directoryOption = [
  '--dir <directory>',
  `where backups are kept (default: ${defaultDirectory}/ of the project)`,
] as const;
const onlyOption = ['--only <stores>', `some of ${storeNames.join(',')}`] as const;
const passphraseOption = [
  '--passphrase-file <file>',
  `its first line is the passphrase of the Secrets (default: $${passphraseVariable})`,
] as const;
const helperOption = [
  '--helper-image <image>',
  'an image with sh and tar for the pod that reads volumes (default: one that the stack runs)',
] as const;

const s3Option = (what: string) => ['--s3 <url>', `${what}, such as s3://bucket/prefix`] as const;

interface Shared {
  readonly context?: string;
  readonly dir?: string;
  readonly s3?: string;
  readonly only?: string;
  readonly secrets?: true;
  readonly passphraseFile?: string;
  readonly helperImage?: string;
}

interface BackupFlags extends Shared {
  readonly keep?: string;
  readonly list?: true;
  readonly verify?: true | string;
}

interface RestoreFlags extends Shared {
  readonly yes?: true;
  readonly anyVersion?: true;
  readonly otherLogin?: true;
  readonly forceUnlock?: true;
}

/** What make, scripts/backup.sh and scripts/restore.sh call. */
export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('save what the stores hold; each is stopped for as long as its copy takes')
    .option('--list', 'list the backups instead of making one')
    .option('--verify [backup]', 'check one backup (by name, path or `latest`), or all of them')
    .option(...onlyOption)
    .option('--keep <number>', 'remove backups that have so many newer ones of the same stores')
    .option('--secrets', "save Grafana's login and the Secrets of the settings too, encrypted")
    .option(...passphraseOption)
    .option(...directoryOption)
    .option(...s3Option('upload it there too; list and check what is there'))
    .option(...helperOption)
    .option(...contextOption)
    .action(runBackup);

  program
    .command('restore')
    .description('give the stores what a backup holds, in the place of what they hold')
    .argument('<backup>', 'its name, its path, its URL in S3, or `latest`')
    .option('--yes', 'do not ask')
    .option(...onlyOption)
    .option('--secrets', 'restore the Secrets too')
    .option(...passphraseOption)
    .option('--any-version', 'take data of any release of a store')
    .option('--other-login', "restore Grafana although its data belongs to another Secret's login")
    .option(...directoryOption)
    .option(...s3Option('where the named one is'))
    .option(...helperOption)
    .option(...forceUnlockOption)
    .option(...contextOption)
    .action(runRestore);

  program
    .command('drill')
    .description('prove it: write telemetry, back up, delete everything, restore, count')
    .option('--yes', 'do not ask, on the local kind cluster')
    .option('--yes-delete-everything <namespace>', 'do it on another cluster, in this namespace')
    .option('--keep-backup', 'keep the backup that it makes')
    .option(...s3Option('upload it there, delete it here, and restore from there'))
    .option(...helperOption)
    .option(...contextOption)
    .action(async ({ context, s3, ...options }) => {
      const bucket = s3 === undefined ? undefined : await openBucket(s3);
      await requireTools('kubectl');
      await drill(openSession(context), { ...options, bucket });
    });
}

function directoryOf({ dir }: Shared): string {
  return dir === undefined ? defaultDirectory : userPath(dir);
}

function passphraseOf({ secrets, passphraseFile }: Shared): string | undefined {
  if (secrets === undefined) return undefined;
  return readPassphrase(passphraseFile && userPath(passphraseFile), process.env);
}

async function runBackup(flags: BackupFlags): Promise<void> {
  const directory = directoryOf(flags);
  if (flags.verify !== undefined && flags.verify !== true && isS3(flags.verify)) {
    const { location, name } = parseBackupUrl(flags.verify);
    return verifyRemotes(await openBucket(location), name, directory);
  }
  const bucket = flags.s3 === undefined ? undefined : await openBucket(flags.s3);
  if (flags.list) return bucket === undefined ? list(directory) : listRemotes(bucket);
  if (flags.verify !== undefined) {
    return bucket === undefined
      ? verifyAll(flags.verify, directory)
      : verifyRemotes(bucket, flags.verify, directory);
  }
  // What is wrong with the arguments is said before the cluster is asked for anything.
  const options = {
    directory,
    stores: chosenStores(flags.only),
    keep: keepCount(flags.keep),
    passphrase: passphraseOf(flags),
    helperImage: flags.helperImage,
  };
  await requireTools('kubectl');
  const made = await backup(openSession(flags.context), options);
  if (bucket === undefined) return;
  await upload(bucket, made);
  if (options.keep !== undefined) await removeOldRemotes(bucket, options.keep);
}

async function listRemotes(bucket: Bucket): Promise<void> {
  printList(await remoteBackups(bucket), bucket.url);
}

async function verifyAll(given: true | string, directory: string): Promise<void> {
  const backups =
    given === true
      ? backupNames(directory).map((name) => join(directory, name))
      : [findBackup(given, directory)];
  if (backups.length === 0) say(`no backups in ${directory}: make backup makes one`);
  await forEach(backups, async (each) => {
    await verify(each);
    say(`${each} is sound`);
  });
}

async function verifyRemotes(bucket: Bucket, given: true | string, scratch: string): Promise<void> {
  const backups = given === true ? await remoteBackups(bucket) : [await findRemote(bucket, given)];
  if (backups.length === 0) say(`no backups in ${bucket.url}: make backup makes one`);
  await forEach(backups, (each) =>
    withDownload(bucket, each, scratch, async (directory) => {
      await verify(directory);
      say(`${bucket.url}/${each.name} is sound`);
    }),
  );
}

/** Does the same with each, and says afterwards what went wrong with any. @throws UserError */
async function forEach<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const complaints: string[] = [];
  for (const each of all) {
    try {
      await work(each);
    } catch (error) {
      complaints.push(messageOf(error));
    }
  }
  if (complaints.length > 0) throw new UserError(complaints.join('\n'));
}

async function runRestore(given: string, flags: RestoreFlags): Promise<void> {
  const parent = directoryOf(flags);
  const options = {
    stores: chosenStores(flags.only),
    passphrase: passphraseOf(flags),
    yes: flags.yes === true,
    anyVersion: flags.anyVersion === true,
    otherLogin: flags.otherLogin === true,
    helperImage: flags.helperImage,
  };
  const session = openSession(flags.context);
  const lock = { doing: 'restoring a backup to', force: flags.forceUnlock };
  const putBack = (from: RestoreOptions) =>
    withLock(session.target, lock, () => restore(session, from));
  if (!isS3(given) && flags.s3 === undefined) {
    const directory = findBackup(given, parent);
    await requireTools('kubectl');
    return putBack({ ...options, directory });
  }
  const { location, name } = isS3(given)
    ? parseBackupUrl(given)
    : { location: flags.s3 ?? '', name: given };
  await requireTools('kubectl');
  const bucket = await openBucket(location);
  await withDownload(bucket, await findRemote(bucket, name), parent, (directory) =>
    putBack({ ...options, directory }),
  );
}
