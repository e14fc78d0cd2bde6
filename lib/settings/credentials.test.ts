import { z } from 'zod';
import {
  environmentReferences,
  plainArguments,
  plainCredentials,
  refuseCredentials,
} from './credentials.ts';

const reference = /\$\{[^}:]+\}|\$\{(env|file):[^}:]+\}/g;
const variable = (name: string) => `\${${name}}`;

test.each([
  ['a password', { smtp: { auth_password: 'hunter2' } }, 'smtp.auth_password'],
  ['a number as a password', { smtp_auth_password: 12345678 }, 'smtp_auth_password'],
  ['a header', { headers: { 'X-API-Key': 'k' } }, 'headers.X-API-Key'],
  ["a vendor's header", { headers: { 'x-honeycomb-team': 'k' } }, 'headers.x-honeycomb-team'],
  ['a key of a vendor', { datadog: { 'api.key': 'k' } }, 'datadog.api.key'],
  [
    'a header of remote write',
    { http_headers: { Authorization: { values: ['x'] } } },
    'http_headers.Authorization.values.0',
  ],
  ['a value with a scheme', { key: 'Authorization', value: 'Bearer abcdef' }, 'value'],
  ['a token in a list', { remote: [{ bearer_token: 't' }] }, 'remote.0.bearer_token'],
  ['an S3 key', { s3: { secretAccessKey: 'x' } }, 's3.secretAccessKey'],
  ['an Azure key', { azure: { storage_account_key: 'x' } }, 'azure.storage_account_key'],
  ['a webhook', { webhook_url: 'https://discord.example/x' }, 'webhook_url'],
  [
    'a key of PagerDuty',
    { pagerduty_configs: [{ routing_key: 'x' }] },
    'pagerduty_configs.0.routing_key',
  ],
  ['a URL with a password', { url: 'https://me:pw@example.com/push' }, 'url'],
  ['a URL with a key', { url: 'https://example.com/push?api_key=x' }, 'url'],
  ['a data source with a password', { dsn: 'root:pw@tcp(db:3306)/a' }, 'dsn'],
  ['a default of a variable', { password: `\${env:PW:-hunter2}` }, 'password'],
  ['text beside a variable', { password: `hunter2${variable('X')}` }, 'password'],
])('%s in plain text is found', (_what, value, path) => {
  expect(plainCredentials(value, reference).map((each) => each.join('.'))).toEqual([path]);
});

test.each([
  ['the value of a variable', { headers: { authorization: `Bearer ${variable('env:TOKEN')}` } }],
  ['a URL with a variable', { url: `https://me:${variable('PW')}@example.com` }],
  ['a file', { password_file: '/etc/secrets/a/password', credentials_file: '/x' }],
  ['a URL with a user', { url: 'https://me@example.com/' }],
  ['nothing', { smtp: { password: '' } }],
  ['a switch', { secret: true }],
  ['a key that only contains such a word', { token_url: 'https://a', access_key_id: 'AKIA' }],
  ['the attribute for load balancing', { loadbalancing: { routing_key: 'traceID' } }],
  ['a key of an attribute', { actions: [{ key: 'password', action: 'delete' }] }],
])('%s is no credential in plain text', (_what, value) => {
  expect(plainCredentials(value, reference)).toEqual([]);
});

test('without references of its own, a component gets every value as it is', () => {
  expect(plainCredentials({ password: variable('env:PW') }, undefined)).toEqual([['password']]);
});

test.each([
  [['-s3.secret-access-key=x'], [0]],
  [['--a', '--x.account-key', 'abc'], [1]],
  [['--url=redis://:pw@redis:6379'], [0]],
  [['-s3.secret-access-key=$(KEY)'], []],
  [['--web.enable-lifecycle', '--log.level=debug', '--token', '--other'], []],
])('of the arguments %j those at %j are credentials', (args, found) => {
  expect(plainArguments(args, /\$\(\w+\)/g)).toEqual(found);
});

test('the variables of a configuration are found once each, without those of every container', () => {
  const names = ['env:A', 'B', 'env:A', 'file:/c', 'env:E:-e', 'env:HOSTNAME'];
  const text = `${names.map(variable).join(' ')} $${variable('D')}`;
  expect(environmentReferences({ list: [text] })).toEqual(['A', 'B']);
});

test('the message names the setting and the remedy, and not the credential', () => {
  const schema = z
    .object({ extraConfig: z.unknown() })
    .check(refuseCredentials(['extraConfig'], { wanted: 'a file' }));
  const result = schema.safeParse({ extraConfig: { a: { password: 'hunter2' } } });
  expect(result.error?.issues).toMatchObject([
    { path: ['extraConfig', 'a', 'password'], message: 'no credential in plain text: a file' },
  ]);
  expect(JSON.stringify(result.error?.issues)).not.toContain('hunter2');
});
