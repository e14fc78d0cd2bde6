import { Option } from '@commander-js/extra-typings';
import { defaultDirectory } from '../backup/files/directory.ts';
import { passphraseVariable, readPassphrase } from '../backup/files/encryption.ts';
import { userPath } from '../process/user-path.ts';
import { storeNames } from '../stores/stores.ts';

export const directoryOption = new Option(
  '--dir <directory>',
  `directory of the backups (default: ${defaultDirectory}/ of the project)`,
);

export const onlyOption = new Option(
  '--only <stores>',
  `comma-separated stores (default: ${storeNames.join(',')})`,
);

export const passphraseOption = new Option(
  '--passphrase-file <file>',
  `file with the passphrase of the Secrets in its first line (default: $${passphraseVariable})`,
);

export const s3Option = <const Help extends string>(help: Help) =>
  new Option('--s3 <url>', `${help}, such as s3://bucket/prefix`);

export function directoryOf({ dir }: { readonly dir?: string }): string {
  return dir === undefined ? defaultDirectory : userPath(dir);
}

export function passphraseOf({
  secrets,
  passphraseFile,
}: {
  readonly secrets?: true;
  readonly passphraseFile?: string;
}): string | undefined {
  if (secrets === undefined) return undefined;
  return readPassphrase(passphraseFile && userPath(passphraseFile), process.env);
}
