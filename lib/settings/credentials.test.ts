import { z } from 'zod';
import { environmentReferences, plainCredentials, refuseCredentials } from './credentials.ts';

test.each([
  ['a password', { smtp: { auth_password: 'hunter2' } }, 'smtp.auth_password'],
  [
    'a header',
    { exporters: { a: { headers: { 'X-API-Key': 'k' } } } },
    'exporters.a.headers.X-API-Key',
  ],
  ['a token in a list', { remote: [{ bearer_token: 't' }] }, 'remote.0.bearer_token'],
  ['a list of tokens', { tokens: [], token: ['a'] }, 'token.0'],
  ['an S3 key', { s3: { secretAccessKey: 'x' } }, 's3.secretAccessKey'],
  ['a URL with a password', { url: 'https://me:pw@example.com/push' }, 'url'],
  ['a flag', ['-s3.secret-access-key=x'], '0'],
  ['a flag with a URL', ['--url=redis://:pw@redis:6379'], '0'],
])('%s in plain text is found', (_what, value, path) => {
  expect(plainCredentials(value).map((each) => each.join('.'))).toEqual([path]);
});

test.each([
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
  ['the value of a variable', { headers: { authorization: 'Bearer ${env:TOKEN}' } }],
  ['a file', { password_file: '/etc/secrets/a/password', credentials_file: '/x' }],
  ["a variable of Grafana's", { smtp: { password: '$__file{/etc/secrets/smtp/password}' } }],
  ['a URL with a user', { url: 'https://me@example.com/' }],
  ['nothing', { smtp: { password: '' } }],
  ['a number or a switch', { token: 5, secret: true }],
  ['a key that only contains such a word', { token_url: 'https://a', access_key_id: 'AKIA' }],
  ['a flag', ['--web.enable-lifecycle', '--log.level=debug']],
])('%s is no credential in plain text', (_what, value) => {
  expect(plainCredentials(value)).toEqual([]);
});

test('the variables of a configuration are found once each', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
  const text = ['a', '${env:A}-${B} ${env:A} ${file:/c} $${D} ${env:E:-e}'].join('');
  expect(environmentReferences({ list: [text] })).toEqual(['A', 'B']);
});

test('the message names the setting and the remedy, and not the credential', () => {
  const schema = z
    .object({ extraConfig: z.unknown() })
    .check(refuseCredentials(['extraConfig'], 'a file'));
  const result = schema.safeParse({ extraConfig: { a: { password: 'hunter2' } } });
  expect(result.error?.issues).toMatchObject([
    { path: ['extraConfig', 'a', 'password'], message: 'no credential in plain text: a file' },
  ]);
  expect(JSON.stringify(result.error?.issues)).not.toContain('hunter2');
});
