import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestFile, writeManifest } from '../files/backup-manifest.ts';
import { checksumFile, writeChecksums } from '../files/checksums.ts';
import { manifestOf } from '../files/testing/manifest.ts';
import { Bucket } from './bucket.ts';
import { explainS3Error } from './explain.ts';
import {
  findRemoteBackup,
  readRemoteBackups,
  removeExpiredRemoteBackups,
  uploadBackup,
  withDownload,
} from './remote-backups.ts';
import { FakeS3 } from './testing/fake-s3.ts';

jest.setTimeout(60_000);

const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const before = { ...process.env };
const names = ['mantis-20261123T010000Z', 'mantis-20261124T010000Z', 'mantis-20261125T010000Z'];
const [first = '', second = '', third = ''] = names;

let s3: FakeS3;
let bucket: Bucket;
let root: string;

beforeEach(async () => {
  Object.assign(process.env, credentials);
  s3 = new FakeS3('backups');
  const env = await s3.start();
  bucket = new Bucket({ bucket: 'backups', prefix: 'one/cluster' }, env);
  root = mkdtempSync(join(tmpdir(), 'mantis-'));
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...before };
  await s3.stop();
});

/** Writes a backup of one store with an archive of `bytes` bytes. */
async function createBackup(name: string, bytes = 100): Promise<string> {
  const directory = join(root, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'loki.tar.gz'), Buffer.alloc(bytes, name));
  const archive = { file: 'loki.tar.gz', bytes };
  const manifest = manifestOf({ files: 1, bytes: 1, archive });
  writeManifest(directory, manifest);
  await writeChecksums(directory, [manifestFile, 'loki.tar.gz']);
  return directory;
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const contents = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory).map((file) => [file, digest(readFileSync(join(directory, file)))]),
  );

test('a downloaded backup equals the uploaded one, also when it is uploaded in parts', async () => {
  const directory = await createBackup(first, 20_000_000);
  await uploadBackup(bucket, directory);
  expect(s3.changes.at(-1)).toBe(`PUT one/cluster/${first}/${manifestFile}`);
  expect(s3.checksums.length).toBeGreaterThan(3);
  expect(s3.checksums).not.toContain(false);
  const remote = await findRemoteBackup(bucket, 'latest');
  expect(remote.name).toBe(first);
  const downloads = join(root, 'downloads');
  await withDownload(bucket, remote, downloads, async (downloaded) => {
    expect(contents(downloaded)).toEqual(contents(directory));
  });
  expect(readdirSync(downloads)).toEqual([]);
});

test('a failed upload leaves no object, and its error names the local backup', async () => {
  const directory = await createBackup(first);
  s3.refusals = {
    [`PUT one/cluster/${first}/${manifestFile}`]: { status: 403, code: 'AccessDenied' },
  };
  await expect(uploadBackup(bucket, directory)).rejects.toThrow(
    new RegExp(`AccessDenied: it said no\n  not uploaded; the backup is complete: ${directory}`),
  );
  expect([...s3.objects.keys()]).toEqual([]);
});

test('a backup without a manifest is left out with a warning', async () => {
  await uploadBackup(bucket, await createBackup(first));
  s3.objects.set(`one/cluster/${second}/loki.tar.gz`, Buffer.from('half'));
  const warned = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect((await readRemoteBackups(bucket)).map(({ name }) => name)).toEqual([first]);
  expect(warned.mock.calls.join()).toContain(`s3://backups/one/cluster/${second} is not complete`);
  await expect(findRemoteBackup(bucket, second)).rejects.toThrow(
    `no such backup: ${second}; in s3://backups/one/cluster there are ${first}`,
  );
});

test('a backup with a broken manifest is left out with a warning', async () => {
  await uploadBackup(bucket, await createBackup(first));
  s3.objects.set(`one/cluster/${second}/${manifestFile}`, Buffer.from('{'));
  const warned = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect((await readRemoteBackups(bucket)).map(({ name }) => name)).toEqual([first]);
  expect(warned.mock.calls.join()).toContain(`${second}/manifest.json cannot be read`);
});

test('an existing backup is not overwritten', async () => {
  const directory = await createBackup(first);
  await uploadBackup(bucket, directory);
  const changes = s3.changes.length;
  await expect(uploadBackup(bucket, directory)).rejects.toThrow('exists already');
  expect(s3.changes).toHaveLength(changes);
});

test('expired backups are removed, manifest first, and other objects stay', async () => {
  for (const name of names) await uploadBackup(bucket, await createBackup(name));
  s3.objects.set('one/cluster/notes.txt', Buffer.from('mine'));
  s3.objects.set(`elsewhere/${first}/${manifestFile}`, Buffer.from("another's"));
  const changes = s3.changes.length;
  await removeExpiredRemoteBackups(bucket, 1);
  const removed = s3.changes.slice(changes);
  expect(removed).toHaveLength(6);
  expect(removed[0]).toBe(`DELETE one/cluster/${first}/${manifestFile}`);
  expect(removed[3]).toBe(`DELETE one/cluster/${second}/${manifestFile}`);
  expect([...s3.objects.keys()].sort()).toEqual(
    [
      `elsewhere/${first}/${manifestFile}`,
      'one/cluster/notes.txt',
      ...['loki.tar.gz', manifestFile, checksumFile].map((file) => `one/cluster/${third}/${file}`),
    ].sort(),
  );
});

test('a failed download leaves no file', async () => {
  await uploadBackup(bucket, await createBackup(first));
  const remote = await findRemoteBackup(bucket, first);
  s3.objects.delete(`one/cluster/${first}/loki.tar.gz`);
  const downloads = join(root, 'downloads');
  const work = jest.fn();
  await expect(withDownload(bucket, remote, downloads, work)).rejects.toThrow(/NoSuchKey/);
  expect(work).not.toHaveBeenCalled();
  expect(readdirSync(downloads)).toEqual([]);
});

test.each([
  [{ status: 403, code: 'AccessDenied' }, /bucket backups at http.*: AccessDenied: it said no/],
  [{ status: 404, code: 'NoSuchBucket' }, /there is no bucket backups at http/],
  [{ status: 400, code: 'Unheard' }, /Unheard: it said no/],
])('%j becomes one line with the remedy', async (refusal, message) => {
  s3.refusals = { '*': refusal };
  const error = await bucket.list().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(message) });
  expect((error as Error).message).not.toContain('\n');
  expect((error as Error).message).not.toContain(credentials.AWS_SECRET_ACCESS_KEY);
});

test.each(['ECONNREFUSED', 'ENOTFOUND'])('an unreachable server is named: %s', (code) => {
  const error = Object.assign(new Error(`connect ${code}`), { code });
  expect(explainS3Error(error, 'backups', 'http://127.0.0.1:1').message).toBe(
    `http://127.0.0.1:1 cannot be reached (${code}): AWS_ENDPOINT_URL_S3 names the server`,
  );
});

test.each([
  ['PermanentRedirect', 'The bucket must be addressed using the specified endpoint'],
  ['AuthorizationHeaderMalformed', "the region 'us-east-1' is wrong; expecting 'eu-central-1'"],
  ['Error', 'Region is missing'],
])('another region than that of the bucket is named: %s', (name, message) => {
  const error = Object.assign(new Error(message), { name });
  expect(explainS3Error(error, 'backups').message).toBe(
    `bucket backups at Amazon S3: ${message}: set AWS_REGION to the region of the bucket`,
  );
});

test('missing credentials are named', () => {
  const missing = Object.assign(new Error('no'), { name: 'CredentialsProviderError' });
  expect(explainS3Error(missing, 'backups').message).toMatch(
    /there are no credentials for S3: set AWS_ACCESS_KEY_ID/,
  );
});

test('without a prefix backups are at the top of the bucket', async () => {
  const env = { AWS_ENDPOINT_URL_S3: bucket.endpoint };
  const top = new Bucket({ bucket: 'backups', prefix: '' }, env);
  await uploadBackup(top, await createBackup(first));
  expect(s3.changes.at(-1)).toBe(`PUT ${first}/${manifestFile}`);
  expect((await findRemoteBackup(top, first)).name).toBe(first);
});
