import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseLocation } from '../../ops/backup/s3/location.ts';
import { FakeS3 } from '../../ops/backup/s3/testing/fake-s3.ts';
import { createSilence, expireSilence, readSilence } from '../../ops/stores/alertmanager.ts';
import { session, withUrls } from './cluster.ts';
import { type Ended, mantis } from './command.ts';

/**
 * A real server where E2E_S3 names a place in one (`s3://bucket/prefix`, with AWS' variables for it),
 * else one in memory.
 */
const real = process.env.E2E_S3;
const inMemory = new FakeS3('backups');
const place = `${real ?? 's3://backups'}/e2e-${Date.now()}`;
const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'of-nobody-else' };
const parent = mkdtempSync(join(tmpdir(), 'mantis-'));
const { target } = session;
let variables: Record<string, string> = {};

beforeAll(async () => {
  if (real === undefined) {
    variables = { ...credentials, ...((await inMemory.start()) as Record<string, string>) };
  }
});

afterAll(async () => {
  if (real === undefined) await inMemory.stop();
  rmSync(parent, { recursive: true });
});

async function ran(...args: string[]): Promise<Ended> {
  const ended = await mantis([...args, '--dir', parent], variables);
  const secret = { ...process.env, ...variables }.AWS_SECRET_ACCESS_KEY ?? '';
  for (const text of [ended.stdout, ended.stderr]) expect(text).not.toContain(secret);
  return ended;
}

const stateOf = (id: string) =>
  withUrls(['alertmanager'], async ({ alertmanager }) => {
    return (await readSilence(alertmanager, id)).status.state;
  });

const expire = (id: string) =>
  withUrls(['alertmanager'], ({ alertmanager }) => expireSilence(alertmanager, id));

test('a backup that is left in S3 alone gives back what was deleted', async () => {
  const silence = await withUrls(['alertmanager'], ({ alertmanager }) =>
    createSilence(alertmanager, 'backup-s3-e2e'),
  );
  const made = await ran('backup', '--only', 'alertmanager', '--s3', place);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`: ${place}/mantis-`) });
  const [directory = ''] = readdirSync(parent);
  rmSync(join(parent, directory), { recursive: true });
  await expire(silence);
  expect(await stateOf(silence)).toBe('expired');

  const listed = await ran('backup', '--list', '--s3', place);
  expect(listed.stdout).toContain(`namespace ${target.namespace} of ${target.context}`);
  const verified = await ran('backup', '--verify', 'latest', '--s3', place);
  expect(verified.stdout).toContain(`${place}/${basename(directory)} is sound`);
  const restored = await ran('restore', `${place}/latest`, '--only', 'alertmanager', '--yes');
  expect({ code: restored.code, errors: restored.stderr }).toMatchObject({ code: 0 });
  expect(await stateOf(silence)).toBe('active');
  await expire(silence);
  // What was downloaded is gone.
  expect(readdirSync(parent)).toEqual([]);
});

test('as many as are to be kept are kept, here and there', async () => {
  for (let round = 0; round < 2; round += 1) {
    const { code } = await ran('backup', '--only', 'alertmanager', '--s3', place, '--keep', '1');
    expect(code).toBe(0);
  }
  const [kept = ''] = readdirSync(parent);
  expect(readdirSync(parent)).toEqual([kept]);
  const { stdout } = await ran('backup', '--list', '--s3', place);
  expect(stdout.match(/mantis-\d{8}T\d{6}Z/g)).toEqual([kept]);
});

test('a wrong bucket is said in one line, before anything is stopped', async () => {
  const { bucket } = parseLocation(place);
  const { code, stdout, stderr } = await ran('backup', '--s3', `s3://${bucket}-of-nobody/x`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^there is no bucket .*-of-nobody at .*\n$/);
});
