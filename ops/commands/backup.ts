import { Command } from '@commander-js/extra-typings';
import { backup, keepCount } from '../backup/backup.ts';
import { listRemotes, verifyLocal, verifyRemotes } from '../backup/catalog.ts';
import { list } from '../backup/files/list.ts';
import { chosenStores } from '../backup/files/stores.ts';
import { isS3, parseBackupUrl } from '../backup/s3/location.ts';
import { openBucket } from '../backup/s3/open.ts';
import { removeOldRemotes, upload } from '../backup/s3/remote.ts';
import { sessionOn } from '../cluster/open-session.ts';
import {
  directoryOf,
  directoryOption,
  helperOption,
  onlyOption,
  passphraseOf,
  passphraseOption,
  s3Option,
} from './backup-options.ts';
import { contextOption } from './options.ts';

const create = new Command('create')
  .description('save what the stores hold; each is stopped for as long as its copy takes')
  .addOption(onlyOption)
  .option('--keep <number>', 'remove backups that have so many newer ones of the same stores')
  .option('--secrets', "save Grafana's login and the Secrets of the settings too, encrypted")
  .addOption(passphraseOption)
  .addOption(directoryOption)
  .addOption(s3Option('upload it there too'))
  .addOption(helperOption)
  .addOption(contextOption)
  .action(async ({ s3, ...flags }) => {
    // What is wrong with the arguments is said before the cluster is asked for anything.
    const bucket = s3 === undefined ? undefined : await openBucket(s3);
    const options = {
      directory: directoryOf(flags),
      stores: chosenStores(flags.only),
      keep: keepCount(flags.keep),
      passphrase: passphraseOf(flags),
      helperImage: flags.helperImage,
    };
    const made = await backup(await sessionOn(flags), options);
    if (bucket === undefined) return;
    await upload(bucket, made);
    if (options.keep !== undefined) await removeOldRemotes(bucket, options.keep);
  });

const listBackups = new Command('list')
  .description('list the backups, and what each holds')
  .addOption(directoryOption)
  .addOption(s3Option('list what is there instead'))
  .action(async ({ s3, ...flags }) =>
    s3 === undefined ? list(directoryOf(flags)) : listRemotes(await openBucket(s3)),
  );

const verify = new Command('verify')
  .description('read backups from end to end')
  .argument('[backup]', 'its name, its path, its URL in S3, or `latest` (default: all)')
  .addOption(directoryOption)
  .addOption(s3Option('verify what is there instead'))
  .action(async (given, { s3, ...flags }) => {
    const directory = directoryOf(flags);
    if (given !== undefined && isS3(given)) {
      const { location, name } = parseBackupUrl(given);
      return verifyRemotes(await openBucket(location), name, directory);
    }
    return s3 === undefined
      ? verifyLocal(given, directory)
      : verifyRemotes(await openBucket(s3), given, directory);
  });

export const backupCommand = new Command('backup')
  .description('save what the stores hold; list and verify backups')
  .addCommand(create, { isDefault: true })
  .addCommand(listBackups)
  .addCommand(verify);
