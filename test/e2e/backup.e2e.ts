import { mkdtempSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSilence, expireSilence } from '../../bench/drill/silences.ts';
import { backup } from '../../ops/backup/backup.ts';
import { readManifest } from '../../ops/backup/files/backup-manifest.ts';
import { restore } from '../../ops/backup/restore.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { session, withUrls } from './cluster.ts';
import { silenceState } from './silence.ts';

// One small store: `npm run drill` covers all of them.
const stores = ['alertmanager'] as const;
const options = { stores, yes: true, anyVersion: false, otherLogin: false } as const;

const stateOf = (silence: string) =>
  withUrls(['alertmanager'], ({ alertmanager }) => silenceState(alertmanager, silence));

test('a restore brings back data that was deleted after the backup', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'mantis-'));
  const silence = await withUrls(['alertmanager'], ({ alertmanager }) =>
    createSilence(alertmanager, 'backup-e2e'),
  );
  const directory = await backup(session, { directory: parent, stores });
  expect(readManifest(directory).stores.alertmanager?.evidence).toContainEqual(
    expect.objectContaining({ what: silence }),
  );
  await withUrls(['alertmanager'], ({ alertmanager }) => expireSilence(alertmanager, silence));
  expect(await stateOf(silence)).toBe('expired');

  await restore(session, { ...options, directory });
  expect(await stateOf(silence)).toBe('active');
  await withUrls(['alertmanager'], ({ alertmanager }) => expireSilence(alertmanager, silence));

  // A damaged backup is refused before any store is stopped.
  truncateSync(join(directory, 'alertmanager.tar.gz'), 50);
  await expect(restore(session, { ...options, directory })).rejects.toThrow(/is damaged/);
  const { workloads } = await takeSnapshot(session.target);
  expect(workloads.filter((workload) => !isReady(workload))).toEqual([]);
});
