import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../../process/errors.ts';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));

/** The costs are limited, so that a forged file cannot exhaust memory. */
const encryptedSchema = z.object({
  format: z.literal('mantis-sealed-1'),
  kdf: z.object({
    name: z.literal('scrypt'),
    N: z.union([z.literal(2 ** 15), z.literal(2 ** 17), z.literal(2 ** 18)]),
    r: z.literal(8),
    p: z.literal(1),
    salt: base64,
  }),
  cipher: z.literal('aes-256-gcm'),
  iv: base64,
  tag: base64,
  data: base64,
});

// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const minimumLength = 12;
export const passphraseVariable = 'MANTIS_BACKUP_PASSPHRASE';

/** Encrypts a text with a key from the passphrase; gives JSON with the parameters for `decrypt`. */
export function encrypt(text: string, passphrase: string): string {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(passphrase, salt, cost), iv);
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const encrypted = {
    format: 'mantis-sealed-1',
    kdf: { name: 'scrypt', ...cost, salt: salt.toString('base64') },
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(encrypted, null, 2)}\n`;
}

/** @throws UserError when the passphrase is wrong or the file was changed */
export function decrypt(encrypted: string, passphrase: string): string {
  const { kdf, cipher, iv, tag, data } = parseEncrypted(encrypted);
  const decipher = createDecipheriv(cipher, deriveKey(passphrase, kdf.salt, kdf), iv, {
    authTagLength: 16,
  });
  try {
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    throw new UserError('the Secrets cannot be decrypted: the passphrase is wrong');
  }
}

/** @throws UserError when the text is no output of `encrypt` */
export function parseEncrypted(text: string): z.output<typeof encryptedSchema> {
  try {
    return encryptedSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError('the encrypted Secrets cannot be read: the file is damaged');
  }
}

function deriveKey(
  passphrase: string,
  salt: Buffer,
  { N, r, p }: typeof cost | { N: number; r: number; p: number },
) {
  return scryptSync(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r });
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
