import { Command } from '@commander-js/extra-typings';
import { findBackup } from '../backup/files/directory.ts';
import { parseStores } from '../backup/files/parse-stores.ts';
import { type RestoreOptions, restore } from '../backup/restore.ts';
import { isS3Url, parseBackupUrl } from '../backup/s3/location.ts';
import { openBucket } from '../backup/s3/open.ts';
import { findRemoteBackup, withDownload } from '../backup/s3/remote-backups.ts';
import { loadSession } from '../cluster/session.ts';
import { withLock } from '../deploy/state/lock.ts';
import { requireTools } from '../local/preflight.ts';
import {
  directoryOf,
  directoryOption,
  onlyOption,
  passphraseOf,
  passphraseOption,
} from './backup-options.ts';
import { contextOption, forceUnlockOption, yesOption } from './options.ts';

export const restoreCommand = new Command('restore')
  .description('restore the stores from a backup')
  .argument('<backup>', 'name, path or S3 URL of a backup, or `latest`')
  .addOption(yesOption)
  .addOption(onlyOption)
  .option('--secrets', 'also restore the Secrets')
  .addOption(passphraseOption)
  .option('--any-version', 'restore data of any version of a store')
  .option('--other-login', "restore Grafana's database although it belongs to another admin Secret")
  .addOption(directoryOption)
  .addOption(forceUnlockOption)
  .addOption(contextOption)
  .action(async (given, flags) => {
    const parent = directoryOf(flags);
    const options = {
      stores: parseStores(flags.only),
      passphrase: passphraseOf(flags),
      yes: flags.yes === true,
      anyVersion: flags.anyVersion === true,
      otherLogin: flags.otherLogin === true,
    };
    const session = loadSession(flags.context);
    const lock = { operation: 'restoring a backup to', force: flags.forceUnlock };
    const lockAndRestore = (from: RestoreOptions) =>
      withLock(session.target, lock, () => restore(session, from));
    await requireTools('kubectl');
    if (!isS3Url(given))
      return lockAndRestore({ ...options, directory: findBackup(given, parent) });
    const { location, name } = parseBackupUrl(given);
    const bucket = await openBucket(location);
    await withDownload(bucket, await findRemoteBackup(bucket, name), parent, (directory) =>
      lockAndRestore({ ...options, directory }),
    );
  });
