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
import { list } from './list.ts';
import { restore } from './restore.ts';
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

interface Shared {
  readonly context?: string;
  readonly dir?: string;
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
    .option(...helperOption)
    .option(...contextOption)
    .action(runBackup);

  program
    .command('restore')
    .description('give the stores what a backup holds, in the place of what they hold')
    .argument('<backup>', 'its name, its path, or `latest`')
    .option('--yes', 'do not ask')
    .option(...onlyOption)
    .option('--secrets', 'restore the Secrets too')
    .option(...passphraseOption)
    .option('--any-version', 'take data of any release of a store')
    .option('--other-login', "restore Grafana although its data belongs to another Secret's login")
    .option(...directoryOption)
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
    .option(...helperOption)
    .option(...contextOption)
    .action(async ({ context, ...options }) => {
      await requireTools('kubectl');
      await drill(openSession(context), options);
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
  if (flags.list) return list(directory);
  if (flags.verify !== undefined) return verifyAll(flags.verify, directory);
  // What is wrong with the arguments is said before the cluster is asked for anything.
  const options = {
    directory,
    stores: chosenStores(flags.only),
    keep: keepCount(flags.keep),
    passphrase: passphraseOf(flags),
    helperImage: flags.helperImage,
  };
  await requireTools('kubectl');
  await backup(openSession(flags.context), options);
}

async function verifyAll(given: true | string, directory: string): Promise<void> {
  const backups =
    given === true
      ? backupNames(directory).map((name) => join(directory, name))
      : [findBackup(given, directory)];
  if (backups.length === 0) say(`no backups in ${directory}: make backup makes one`);
  const complaints: string[] = [];
  for (const each of backups) {
    try {
      await verify(each);
      say(`${each} is sound`);
    } catch (error) {
      complaints.push(messageOf(error));
    }
  }
  if (complaints.length > 0) throw new UserError(complaints.join('\n'));
}

async function runRestore(given: string, flags: RestoreFlags): Promise<void> {
  const options = {
    directory: findBackup(given, directoryOf(flags)),
    stores: chosenStores(flags.only),
    passphrase: passphraseOf(flags),
    yes: flags.yes === true,
    anyVersion: flags.anyVersion === true,
    otherLogin: flags.otherLogin === true,
    helperImage: flags.helperImage,
  };
  await requireTools('kubectl');
  const session = openSession(flags.context);
  const lock = { doing: 'restoring a backup to', force: flags.forceUnlock };
  await withLock(session.target, lock, () => restore(session, options));
}
