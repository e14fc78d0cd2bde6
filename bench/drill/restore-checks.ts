import type { BackupManifest } from '../../ops/backup/files/backup-manifest.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { UserError } from '../../ops/process/errors.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { readSilences } from '../../ops/stores/alertmanager.ts';
import { authHeaders, dashboardUids } from '../../ops/stores/grafana.ts';
import { compareStored, type Entry, type Ledger } from '../delivery/ledger.ts';
import { itemTypes } from '../delivery/numbered-batch.ts';
import { readStored, storeOf } from '../delivery/stored-items.ts';
import { waitUntilStored } from '../delivery/verify.ts';
import { createDashboard, deleteDashboard } from './dashboards.ts';
import { createSilence, expireSilence } from './silences.ts';

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

/** Waits until the stores have every item. @throws UserError if one is missing */
export async function waitUntilAllStored(session: Session, ledger: Ledger): Promise<void> {
  await waitUntilStored(session, ledger);
  const deliveries = ledger.deliveries();
  const missing = itemTypes.filter((type) => deliveries[type].missing > 0);
  if (missing.length === 0) return;
  const texts = missing.map((type) => `${type} ${deliveries[type].missingNumbers}`);
  throw new UserError(`written and not stored: ${texts.join('; ')}`);
}

/** Reads anew what is stored, one store after the other. */
async function readAgain(session: Session, ledger: Ledger): Promise<void> {
  ledger.forgetStored();
  for (const type of itemTypes) {
    const store = storeOf(type);
    await withForwards(session, [store], (urls) =>
      readStored(type, urls[store], ledger.entries[type]),
    );
  }
}

/** The number of stored items of every type. */
export async function countStored(session: Session, ledger: Ledger): Promise<number> {
  await readAgain(session, ledger);
  const deliveries = ledger.deliveries();
  return itemTypes.reduce((sum, type) => sum + deliveries[type].stored, 0);
}

/** Prints which items older than the backup were restored. @returns how many are missing or duplicated */
export async function reportRestored(
  session: Session,
  ledger: Ledger,
  { stores: saved }: BackupManifest,
  testObjects: TestObjects,
): Promise<number> {
  let errors = 0;
  const rows: string[][] = [];
  await readAgain(session, ledger);
  for (const type of itemTypes) {
    const takenAt = Date.parse(saved[storeOf(type)]?.takenAt ?? '');
    const isOlder = ({ batch }: Entry) => batch.at <= takenAt - graceMs;
    const entries = ledger.entries[type];
    const older = compareStored(entries.filter(isOlder));
    const newer = compareStored(entries.filter((entry) => !isOlder(entry)));
    errors += older.missing + older.duplicated;
    const notes = [
      older.missing > 0 ? `missing: ${older.missingNumbers}` : '',
      older.duplicated > 0 ? `duplicated: ${older.duplicatedNumbers}` : '',
      `newer than the backup: ${newer.stored} of ${newer.sent}`,
    ];
    const note = notes.filter((each) => each !== '').join('; ');
    rows.push([type, String(older.sent), String(older.stored), note]);
  }
  const { dashboards, silences } = await countTestObjects(session, testObjects);
  rows.push(['dashboard', '1', String(dashboards), ''], ['silence', '1', String(silences), '']);
  print(formatTable([['OLDER THAN THE BACKUP', 'WRITTEN', 'RESTORED', ''], ...rows]));
  return errors + (1 - dashboards) + (1 - silences);
}

async function countTestObjects(session: Session, { dashboard, silence }: TestObjects) {
  const login = await readAdminLogin(session.target);
  return withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    const uids = await dashboardUids({ url: grafana, headers: authHeaders({ login }) });
    const known = await readSilences(alertmanager);
    const active = known.filter(({ id, status }) => id === silence && status.state === 'active');
    return { dashboards: uids.includes(dashboard) ? 1 : 0, silences: active.length };
  });
}
