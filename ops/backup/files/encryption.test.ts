import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decrypt, encrypt, passphraseVariable, readPassphrase } from './encryption.ts';

const passphrase = 'correct horse battery staple';
const encrypted = encrypt('the login', passphrase);

test('decrypt gives back the text', () => {
  expect(encrypted).not.toContain('login');
  expect(decrypt(encrypted, passphrase)).toBe('the login');
});

test('the same text is encrypted differently each time', () => {
  expect(encrypt('the login', passphrase)).not.toBe(encrypted);
});

test('a wrong passphrase is refused', () => {
  expect(() => decrypt(encrypted, 'correct horse battery stapler')).toThrow(/passphrase is wrong/);
});

/** The encrypted text with one field changed. */
function forged(change: (fields: Record<string, unknown>) => void): string {
  const fields = JSON.parse(encrypted) as Record<string, unknown>;
  change(fields);
  return JSON.stringify(fields);
}

const flip = (text: unknown) => {
  const bytes = Buffer.from(String(text), 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
};

test.each(['data', 'tag', 'iv'])('a changed %s is refused', (field) => {
  const text = forged((fields) => {
    fields[field] = flip(fields[field]);
  });
  expect(() => decrypt(text, passphrase)).toThrow(/cannot be decrypted/);
});

test('a truncated tag is refused', () => {
  const text = forged((fields) => {
    fields.tag = Buffer.from(String(fields.tag), 'base64').subarray(0, 4).toString('base64');
  });
  expect(() => decrypt(text, passphrase)).toThrow(/cannot be decrypted/);
});

test('a file with higher costs is refused', () => {
  const text = forged((fields) => {
    fields.kdf = { ...(fields.kdf as object), N: 2 ** 30 };
  });
  expect(() => decrypt(text, passphrase)).toThrow(/damaged/);
});

const written = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'passphrase');
  writeFileSync(file, text);
  return file;
};

test('the passphrase is the first line of the file, which takes precedence over the variable', () => {
  const env = { [passphraseVariable]: 'that of the variable' };
  expect(readPassphrase(written(`${passphrase}\nmore\n`), env)).toBe(passphrase);
  expect(readPassphrase(undefined, env)).toBe('that of the variable');
});

test.each([
  [undefined, /put a passphrase into a file/],
  [written(''), /put a passphrase into a file/],
  [written('short\n'), /has 5 characters: it needs at least 12/],
  ['/no/such/file', /cannot be read/],
])('the passphrase file %s is refused', (file, message) => {
  expect(() => readPassphrase(file, {})).toThrow(message);
});
