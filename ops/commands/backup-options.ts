import { Option } from '@commander-js/extra-typings';
import { defaultDirectory, userPath } from '../backup/files/directory.ts';
import { passphraseVariable, readPassphrase } from '../backup/files/encryption.ts';
import { storeNames } from '../backup/files/stores.ts';

/** Options that the commands about backups have. */

export const directoryOption = new Option(
  '--dir <directory>',
  `where backups are kept (default: ${defaultDirectory}/ of the project)`,
);

export const onlyOption = new Option('--only <stores>', `some of ${storeNames.join(',')}`);

export const passphraseOption = new Option(
  '--passphrase-file <file>',
  `its first line is the passphrase of the Secrets (default: $${passphraseVariable})`,
);

export const helperOption = new Option(
  '--helper-image <image>',
  'an image with sh and tar for the pod that reads volumes (default: one that the stack runs)',
);

export const s3Option = <const Help extends string>(help: Help) =>
  new Option('--s3 <url>', `${help}, such as s3://bucket/prefix`);

export function directoryOf({ dir }: { readonly dir?: string }): string {
  return dir === undefined ? defaultDirectory : userPath(dir);
}

interface PassphraseOptions {
  readonly secrets?: true;
  readonly passphraseFile?: string;
}

export function passphraseOf({ secrets, passphraseFile }: PassphraseOptions): string | undefined {
  if (secrets === undefined) return undefined;
  return readPassphrase(passphraseFile && userPath(passphraseFile), process.env);
}
