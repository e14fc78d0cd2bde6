import { readFileSync } from 'node:fs';
import { UserError } from '../../process/errors.ts';

const minimumLength = 12;
export const passphraseVariable = 'MANTIS_BACKUP_PASSPHRASE';

/**
 * Encrypts a text with a passphrase, in the format of age (https://age-encryption.org/v1), so that
 * `age --decrypt` can read it too. The library is loaded when it is needed, as few commands do.
 *
 * @param workFactor the base-2 logarithm of scrypt's cost. @default - age's
 */
export async function encrypt(
  text: string,
  passphrase: string,
  workFactor?: number,
): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.normalize('NFC'));
  if (workFactor !== undefined) encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(text);
}

/** @throws UserError if the passphrase is wrong or the file was changed */
export async function decrypt(encrypted: Uint8Array, passphrase: string): Promise<string> {
  requireEncrypted(encrypted);
  if (startOf(encrypted).includes(formerFormat)) {
    throw new UserError(
      'the Secrets are encrypted in the format of 0.1.0, which decrypts them; without --secrets, this version restores the stores',
    );
  }
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.normalize('NFC'));
  try {
    return await decrypter.decrypt(encrypted, 'text');
  } catch {
    throw new UserError(
      'the Secrets cannot be decrypted: the passphrase is wrong, or the file was changed',
    );
  }
}

const formerFormat = 'mantis-sealed-1';
const startOf = (encrypted: Uint8Array) =>
  Buffer.from(encrypted.subarray(0, 60)).toString('latin1');

/** @throws UserError if a file is no output of `encrypt`, of this version or of 0.1.0 */
export function requireEncrypted(encrypted: Uint8Array): void {
  const start = startOf(encrypted);
  if (start.startsWith('age-encryption.org/v1\n-> scrypt ') || start.includes(formerFormat)) return;
  throw new UserError('the encrypted Secrets cannot be read: the file is damaged');
}

/**
 * The passphrase from a file or a variable. Not from an argument, which would be in the shell's
 * history and in the list of processes.
 */
export function readPassphrase(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const passphrase = file === undefined ? env[passphraseVariable] : firstLine(file);
  if (passphrase === undefined || passphrase === '') {
    throw new UserError(
      `Secrets are encrypted: put a passphrase into a file (--passphrase-file, PASSPHRASE_FILE=… for make) or into ${passphraseVariable}`,
    );
  }
  if (passphrase.length >= minimumLength) return passphrase;
  throw new UserError(
    `the passphrase has ${passphrase.length} characters: it needs at least ${minimumLength} (openssl rand -base64 24 makes one)`,
  );
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '';
  } catch {
    throw new UserError(`--passphrase-file: ${file} cannot be read`);
  }
}
