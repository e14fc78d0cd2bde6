import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createSilence, expireSilence } from '../../bench/drill/silences.ts';
import { parseLocation } from '../../ops/backup/s3/location.ts';
import { FakeS3 } from '../../ops/backup/s3/testing/fake-s3.ts';
import { session, withUrls } from './cluster.ts';
import { type CommandResult, runMantis } from './command.ts';
import { silenceState } from './silence.ts';

/**
 * E2E_S3 (`s3://bucket/prefix`, with the variables of AWS) names a real bucket; without it a server in
 * memory is used.
 */
const existingBucketUrl = process.env.E2E_S3;
const inMemory = new FakeS3('backups');
const bucketUrl = `${existingBucketUrl ?? 's3://backups'}/e2e-${Date.now()}`;
const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret-of-e2e' };
const parent = mkdtempSync(join(tmpdir(), 'mantis-'));
const { target } = session;
let variables: Record<string, string> = {};

beforeAll(async () => {
  if (existingBucketUrl === undefined) {
    variables = { ...credentials, ...((await inMemory.start()) as Record<string, string>) };
  }
});

afterAll(async () => {
  if (existingBucketUrl === undefined) await inMemory.stop();
  rmSync(parent, { recursive: true });
});

async function runWithBucket(...args: string[]): Promise<CommandResult> {
  const ended = await runMantis([...args, '--dir', parent], variables);
  const secret = { ...process.env, ...variables }.AWS_SECRET_ACCESS_KEY ?? '';
  for (const text of [ended.stdout, ended.stderr]) expect(text).not.toContain(secret);
  return ended;
}

const stateOf = (silence: string) =>
  withUrls(['alertmanager'], ({ alertmanager }) => silenceState(alertmanager, silence));

const expire = (id: string) =>
  withUrls(['alertmanager'], ({ alertmanager }) => expireSilence(alertmanager, id));

test('a backup that exists only in S3 is restored', async () => {
  const silence = await withUrls(['alertmanager'], ({ alertmanager }) =>
    createSilence(alertmanager, 'backup-s3-e2e'),
  );
  const made = await runWithBucket('backup', '--only', 'alertmanager', '--s3', bucketUrl);
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`: ${bucketUrl}/mantis-`),
  });
  const [directory = ''] = readdirSync(parent);
  rmSync(join(parent, directory), { recursive: true });
  await expire(silence);
  expect(await stateOf(silence)).toBe('expired');

  const listed = await runWithBucket('backup', 'list', '--s3', bucketUrl);
  expect(listed.stdout).toContain(`namespace ${target.namespace} of ${target.context}`);
  const verified = await runWithBucket('backup', 'verify', `${bucketUrl}/latest`);
  expect(verified.stdout).toContain(`${bucketUrl}/${basename(directory)} is valid`);
  const restored = await runWithBucket(
    'restore',
    `${bucketUrl}/latest`,
    '--only',
    'alertmanager',
    '--yes',
  );
  expect({ code: restored.code, errors: restored.stderr }).toMatchObject({ code: 0 });
  expect(await stateOf(silence)).toBe('active');
  await expire(silence);
  // The download was deleted.
  expect(readdirSync(parent)).toEqual([]);
});

test('--keep removes old backups from the directory and from the bucket', async () => {
  for (let round = 0; round < 2; round += 1) {
    const { code } = await runWithBucket(
      'backup',
      '--only',
      'alertmanager',
      '--s3',
      bucketUrl,
      '--keep',
      '1',
    );
    expect(code).toBe(0);
  }
  const [kept = ''] = readdirSync(parent);
  expect(readdirSync(parent)).toEqual([kept]);
  const { stdout } = await runWithBucket('backup', 'list', '--s3', bucketUrl);
  expect(stdout.match(/mantis-\d{8}T\d{6}Z/g)).toEqual([kept]);
});

test('a wrong bucket is an error of one line, before any store is stopped', async () => {
  const { bucket } = parseLocation(bucketUrl);
  const { code, stdout, stderr } = await runWithBucket(
    'backup',
    '--s3',
    `s3://${bucket}-missing/x`,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^there is no bucket .*-missing at .*\n$/);
});
