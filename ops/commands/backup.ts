import { Command } from '@commander-js/extra-typings';
import { backup, parseKeep } from '../backup/backup.ts';
import { listRemote, verifyLocal, verifyRemote } from '../backup/catalog.ts';
import { listLocal } from '../backup/files/list.ts';
import { parseStores } from '../backup/files/parse-stores.ts';
import { isS3Url, parseBackupUrl } from '../backup/s3/location.ts';
import { openBucket } from '../backup/s3/open.ts';
import { removeExpiredRemoteBackups, uploadBackup } from '../backup/s3/remote-backups.ts';
import { openSession } from '../cluster/open-session.ts';
import {
  directoryOf,
  directoryOption,
  onlyOption,
  passphraseOf,
  passphraseOption,
  s3Option,
} from './backup-options.ts';
import { addDefaultCommand } from './default-command.ts';
import { contextOption } from './options.ts';

const create = new Command('create')
  .description('back up the stores; each is scaled down while it is copied')
  .addOption(onlyOption)
  .option('--keep <number>', 'delete backups that have this many newer ones of the same stores')
  .option('--secrets', "also back up Grafana's login and the Secrets of the settings, encrypted")
  .addOption(passphraseOption)
  .addOption(directoryOption)
  .addOption(s3Option('S3 URL to upload the backup to'))
  .addOption(contextOption)
  .action(async ({ s3, ...flags }) => {
    // Errors in the options are reported before the cluster is reached.
    const bucket = s3 === undefined ? undefined : await openBucket(s3);
    const options = {
      directory: directoryOf(flags),
      stores: parseStores(flags.only),
      keep: parseKeep(flags.keep),
      passphrase: passphraseOf(flags),
    };
    const made = await backup(await openSession(flags), options);
    if (bucket === undefined) return;
    await uploadBackup(bucket, made);
    if (options.keep !== undefined) await removeExpiredRemoteBackups(bucket, options.keep);
  });

const listCommand = new Command('list')
  .description('list backups and their contents')
  .addOption(directoryOption)
  .addOption(s3Option('S3 URL to list instead'))
  .action(async ({ s3, ...flags }) =>
    s3 === undefined ? listLocal(directoryOf(flags)) : listRemote(await openBucket(s3)),
  );

const verify = new Command('verify')
  .description('verify backups by reading every file')
  .argument('[backup]', 'name, path or S3 URL of a backup, or `latest` (default: all local ones)')
  .addOption(directoryOption)
  .action(async (given, flags) => {
    const directory = directoryOf(flags);
    if (given === undefined || !isS3Url(given)) return verifyLocal(given, directory);
    const { location, name } = parseBackupUrl(given);
    return verifyRemote(await openBucket(location), name, directory);
  });

export const backupCommand = addDefaultCommand(
  new Command('backup').description('create, list and verify backups of the stores'),
  create,
)
  .addCommand(listCommand)
  .addCommand(verify);
