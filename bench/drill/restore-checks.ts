import type { BackupManifest } from '../../ops/backup/files/backup-manifest.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { createSilence, expireSilence, readSilences } from '../../ops/stores/alertmanager.ts';
import { createDashboard, deleteDashboard, findDashboards } from '../../ops/stores/grafana.ts';
import { itemTypes } from '../delivery/numbered-batch.ts';
import { storeOf } from '../delivery/stored-items.ts';
import { compareStored, formatRanges, readStored, type WrittenItems } from './numbered-items.ts';

const stores = ['loki', 'tempo', 'prometheus'] as const;
/** How long an item may take from the collector to its store. */
const graceMs = 5_000;

/** A dashboard and a silence that the backup has to contain. */
export interface TestObjects {
  readonly dashboard: string;
  readonly silence: string;
}

export async function createTestObjects(session: Session, dashboard: string): Promise<TestObjects> {
  const login = await readAdminLogin(session.target);
  return withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    await createDashboard({ url: grafana, login }, dashboard, dashboard);
    return { dashboard, silence: await createSilence(alertmanager, dashboard) };
  });
}

export async function deleteTestObjects(session: Session, testObjects: TestObjects): Promise<void> {
  const login = await readAdminLogin(session.target);
  await withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    await deleteDashboard({ url: grafana, login }, testObjects.dashboard);
    await expireSilence(alertmanager, testObjects.silence);
  });
}

/** Waits until the stores have every item. */
export function waitUntilAllStored(session: Session, written: WrittenItems): Promise<void> {
  return withForwards(session, stores, (urls) =>
    retryUntil(
      'every item to be stored',
      async () => {
        const back = await readStored(urls, written);
        for (const type of itemTypes) {
          const { missing } = compareStored(written.times.keys(), back[type]);
          if (missing.length > 0) throw new RetryLater(`missing ${type}: ${formatRanges(missing)}`);
        }
      },
      { timeoutSeconds: 180 },
    ),
  );
}

/** The number of stored items of every type. */
export function countStored(session: Session, written: WrittenItems): Promise<number> {
  return withForwards(session, stores, async (urls) => {
    const back = await readStored(urls, written);
    return itemTypes.reduce((sum, type) => sum + back[type].size, 0);
  });
}

/** Prints which items older than the backup were restored. @returns how many are missing or duplicated */
export async function reportRestored(
  session: Session,
  written: WrittenItems,
  { stores: saved }: BackupManifest,
  testObjects: TestObjects,
): Promise<number> {
  let errors = 0;
  const rows: string[][] = [];
  const back = await withForwards(session, stores, (urls) => readStored(urls, written));
  for (const type of itemTypes) {
    const takenAt = Date.parse(saved[storeOf[type]]?.takenAt ?? '');
    const numbers = [...written.times.keys()];
    const isOlder = (number: number) => (written.times.get(number) ?? 0) <= takenAt - graceMs;
    const older = compareStored(numbers.filter(isOlder), back[type]);
    const newer = compareStored(
      numbers.filter((number) => !isOlder(number)),
      back[type],
    );
    errors += older.missing.length + older.duplicates.length;
    const notes = [
      older.missing.length > 0 ? `missing: ${formatRanges(older.missing)}` : '',
      older.duplicates.length > 0 ? `duplicated: ${formatRanges(older.duplicates)}` : '',
      `newer than the backup: ${newer.found} of ${newer.expected}`,
    ];
    const note = notes.filter((each) => each !== '').join('; ');
    rows.push([type, String(older.expected), String(older.found), note]);
  }
  const { dashboards, silences } = await countTestObjects(session, testObjects);
  rows.push(['dashboard', '1', String(dashboards), ''], ['silence', '1', String(silences), '']);
  print(formatTable([['OLDER THAN THE BACKUP', 'WRITTEN', 'RESTORED', ''], ...rows]));
  return errors + (1 - dashboards) + (1 - silences);
}

async function countTestObjects(session: Session, { dashboard, silence }: TestObjects) {
  const login = await readAdminLogin(session.target);
  return withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    const uids = await findDashboards({ url: grafana, login });
    const known = await readSilences(alertmanager);
    const active = known.filter(({ id, status }) => id === silence && status.state === 'active');
    return { dashboards: uids.includes(dashboard) ? 1 : 0, silences: active.length };
  });
}
