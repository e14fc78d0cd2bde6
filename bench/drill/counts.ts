import type { Manifest } from '../../ops/backup/files/manifest.ts';
import { readLogin } from '../../ops/cluster/secret.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/connections.ts';
import { say, table } from '../../ops/process/output.ts';
import { NotYet, retryUntil } from '../../ops/process/retry.ts';
import { createSilence, expireSilence, readSilences } from '../../ops/stores/alertmanager.ts';
import { createDashboard, deleteDashboard, findDashboards } from '../../ops/stores/grafana.ts';
import { signals } from '../delivery/otlp.ts';
import { storeOf } from '../delivery/stored.ts';
import { ranges, readBack, tally, type Written } from './numbered.ts';

const stores = ['loki', 'tempo', 'prometheus'] as const;
/** How long an item may be under way from the collector to its store. */
const graceMs = 5_000;

/** A dashboard and a silence, as people make them. */
export interface Marks {
  readonly dashboard: string;
  readonly silence: string;
}

export async function leaveMarks(session: Session, dashboard: string): Promise<Marks> {
  const login = await readLogin(session.target);
  return withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    await createDashboard({ url: grafana, login }, dashboard, dashboard);
    return { dashboard, silence: await createSilence(alertmanager, dashboard) };
  });
}

export async function removeMarks(session: Session, marks: Marks): Promise<void> {
  const login = await readLogin(session.target);
  await withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    await deleteDashboard({ url: grafana, login }, marks.dashboard);
    await expireSilence(alertmanager, marks.silence);
  });
}

/** Waits until the stores have every item. */
export function allStored(session: Session, written: Written): Promise<void> {
  return withForwards(session, stores, (urls) =>
    retryUntil(
      'every item to be stored',
      async () => {
        const back = await readBack(urls, written);
        for (const signal of signals) {
          const { gaps } = tally(written.times.keys(), back[signal]);
          if (gaps.length > 0) throw new NotYet(`${signal} without ${ranges(gaps)}`);
        }
      },
      { timeoutSeconds: 180 },
    ),
  );
}

/** How many items the stores have, whichever. */
export function countStored(session: Session, written: Written): Promise<number> {
  return withForwards(session, stores, async (urls) => {
    const back = await readBack(urls, written);
    return signals.reduce((sum, signal) => sum + back[signal].size, 0);
  });
}

/** Prints what came back of all that was older than the backup; gives how much is wrong. */
export async function report(
  session: Session,
  written: Written,
  { stores: saved }: Manifest,
  marks: Marks,
): Promise<number> {
  let wrong = 0;
  const rows: string[][] = [];
  const back = await withForwards(session, stores, (urls) => readBack(urls, written));
  for (const signal of signals) {
    const takenAt = Date.parse(saved[storeOf[signal]]?.takenAt ?? '');
    const numbers = [...written.times.keys()];
    const isOlder = (number: number) => (written.times.get(number) ?? 0) <= takenAt - graceMs;
    const older = tally(numbers.filter(isOlder), back[signal]);
    const newer = tally(
      numbers.filter((number) => !isOlder(number)),
      back[signal],
    );
    wrong += older.gaps.length + older.doubles.length;
    const notes = [
      older.gaps.length > 0 ? `missing: ${ranges(older.gaps)}` : '',
      older.doubles.length > 0 ? `twice: ${ranges(older.doubles)}` : '',
      `newer than the backup: ${newer.found} of ${newer.expected}`,
    ];
    const note = notes.filter((each) => each !== '').join('; ');
    rows.push([signal, String(older.expected), String(older.found), note]);
  }
  const { dashboards, silences } = await marksBack(session, marks);
  rows.push(['dashboard', '1', String(dashboards), ''], ['silence', '1', String(silences), '']);
  say(table([['OLDER THAN THE BACKUP', 'WRITTEN', 'BACK', ''], ...rows]));
  return wrong + (1 - dashboards) + (1 - silences);
}

async function marksBack(session: Session, { dashboard, silence }: Marks) {
  const login = await readLogin(session.target);
  return withForwards(session, ['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    const uids = await findDashboards({ url: grafana, login });
    const known = await readSilences(alertmanager);
    const active = known.filter(({ id, status }) => id === silence && status.state === 'active');
    return { dashboards: uids.includes(dashboard) ? 1 : 0, silences: active.length };
  });
}
