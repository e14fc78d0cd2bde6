import { Command } from '@commander-js/extra-typings';
import { findBackup } from '../backup/files/directory.ts';
import { chosenStores } from '../backup/files/stores.ts';
import { type RestoreOptions, restore } from '../backup/restore.ts';
import { isS3, parseBackupUrl } from '../backup/s3/location.ts';
import { openBucket } from '../backup/s3/open.ts';
import { findRemote, withDownload } from '../backup/s3/remote.ts';
import { openSession } from '../cluster/session.ts';
import { withLock } from '../deploy/state/lock.ts';
import { requireTools } from '../local/preflight.ts';
import {
  directoryOf,
  directoryOption,
  helperOption,
  onlyOption,
  passphraseOf,
  passphraseOption,
  s3Option,
} from './backup-options.ts';
import { contextOption, forceUnlockOption, yesOption } from './options.ts';

export const restoreCommand = new Command('restore')
  .description('replace what the stores hold by what a backup holds')
  .argument('<backup>', 'its name, its path, its URL in S3, or `latest`')
  .addOption(yesOption)
  .addOption(onlyOption)
  .option('--secrets', 'restore the Secrets too')
  .addOption(passphraseOption)
  .option('--any-version', 'take data of any release of a store')
  .option('--other-login', "restore Grafana although its data belongs to another Secret's login")
  .addOption(directoryOption)
  .addOption(s3Option('where the named one is'))
  .addOption(helperOption)
  .addOption(forceUnlockOption)
  .addOption(contextOption)
  .action(async (given, flags) => {
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
    const lockAndRestore = (from: RestoreOptions) =>
      withLock(session.target, lock, () => restore(session, from));
    if (!isS3(given) && flags.s3 === undefined) {
      const directory = findBackup(given, parent);
      await requireTools('kubectl');
      return lockAndRestore({ ...options, directory });
    }
    const { location, name } = isS3(given)
      ? parseBackupUrl(given)
      : { location: flags.s3 ?? '', name: given };
    await requireTools('kubectl');
    const bucket = await openBucket(location);
    await withDownload(bucket, await findRemote(bucket, name), parent, (directory) =>
      lockAndRestore({ ...options, directory }),
    );
  });
