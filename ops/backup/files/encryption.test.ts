import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decrypt,
  encrypt,
  passphraseVariable,
  readPassphrase,
  requireEncrypted,
} from './encryption.ts';

const passphrase = 'correct horse battery staple';
const encrypted = encrypt('the login', passphrase, 10);

test('decrypt gives back the text', async () => {
  expect(Buffer.from(await encrypted).toString('latin1')).not.toContain('login');
  expect(await decrypt(await encrypted, passphrase)).toBe('the login');
});

test('the same text is encrypted differently each time', async () => {
  expect(await encrypt('the login', passphrase, 10)).not.toEqual(await encrypted);
});

test('a wrong passphrase is refused', async () => {
  const decrypted = decrypt(await encrypted, 'correct horse battery stapler');
  await expect(decrypted).rejects.toThrow(/passphrase is wrong/);
});

test.each([40, -40, -1])('a change of byte %d is refused', async (index) => {
  const changed = Buffer.from(await encrypted);
  const at = (index + changed.length) % changed.length;
  changed[at] = (changed[at] ?? 0) ^ 1;
  await expect(decrypt(changed, passphrase)).rejects.toThrow(/cannot be decrypted/);
});

test('the format of earlier versions is refused with what to do', async () => {
  const old = Buffer.from('{\n  "format": "mantis-sealed-1",\n  "kdf": {}\n}\n');
  await expect(decrypt(old, passphrase)).rejects.toThrow(/format of 0\.1\.0.*without --secrets/);
  expect(() => requireEncrypted(old)).not.toThrow();
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
