import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passphraseVariable, readPassphrase, seal, unseal } from './encryption.ts';

const passphrase = 'correct horse battery staple';
const sealed = seal('the login', passphrase);

test('what was encrypted is read again with its passphrase', () => {
  expect(sealed).not.toContain('login');
  expect(unseal(sealed, passphrase)).toBe('the login');
});

test('the same text never looks the same', () => {
  expect(seal('the login', passphrase)).not.toBe(sealed);
});

test('another passphrase opens nothing', () => {
  expect(() => unseal(sealed, 'correct horse battery stapler')).toThrow(/passphrase is not/);
});

/** The encrypted text with one field changed. */
function forged(change: (fields: Record<string, unknown>) => void): string {
  const fields = JSON.parse(sealed) as Record<string, unknown>;
  change(fields);
  return JSON.stringify(fields);
}

const flip = (text: unknown) => {
  const bytes = Buffer.from(String(text), 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
};

test.each(['data', 'tag', 'iv'])('a changed %s is noticed', (field) => {
  const text = forged((fields) => {
    fields[field] = flip(fields[field]);
  });
  expect(() => unseal(text, passphrase)).toThrow(/cannot be decrypted/);
});

test('a tag that was cut short does not pass', () => {
  const text = forged((fields) => {
    fields.tag = Buffer.from(String(fields.tag), 'base64').subarray(0, 4).toString('base64');
  });
  expect(() => unseal(text, passphrase)).toThrow(/cannot be decrypted/);
});

test('a file cannot ask for more memory than we use', () => {
  const text = forged((fields) => {
    fields.kdf = { ...(fields.kdf as object), N: 2 ** 30 };
  });
  expect(() => unseal(text, passphrase)).toThrow(/damaged/);
});

const written = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'passphrase');
  writeFileSync(file, text);
  return file;
};

test('a passphrase is the first line of its file, which wins over the variable', () => {
  const env = { [passphraseVariable]: 'that of the variable' };
  expect(readPassphrase(written(`${passphrase}\nmore\n`), env)).toBe(passphrase);
  expect(readPassphrase(undefined, env)).toBe('that of the variable');
});

test.each([
  [undefined, /put a passphrase into a file/],
  [written(''), /put a passphrase into a file/],
  [written('short\n'), /has 5 characters: it needs at least 12/],
  ['/no/such/file', /cannot be read/],
])('from %s there is no passphrase', (file, message) => {
  expect(() => readPassphrase(file, {})).toThrow(message);
});
