import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/connections.ts';
import { UserError } from '../process/errors.ts';
import { say, table, warn } from '../process/output.ts';
import { seconds } from '../process/seconds.ts';
import type { StoreBudget } from './budget.ts';
import { type Budget, measureBudget, type Store, stores } from './measure.ts';

export interface BudgetOptions {
  /** Over how long rates are taken, such as 1h. */
  readonly over: string;
  readonly json?: true;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes as people read them, in three digits or so. */
export function bytes(amount: number): string {
  const power = Math.max(0, Math.min(4, Math.floor(Math.log2(Math.max(1, amount)) / 10)));
  const value = amount / 1024 ** power;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${byteUnits[power]}`;
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** How long the volume lasts. */
function lasts({ fullAfterDays }: StoreBudget): string {
  return fullAfterDays === undefined ? 'for good' : `${fullAfterDays.toFixed(1)} days`;
}

const incoming: Readonly<Record<Store, (rate: number) => string>> = {
  prometheus: (rate) => `${rate.toFixed(0)} samples/s`,
  loki: (rate) => `${bytes(rate)}/s`,
  tempo: (rate) => `${bytes(rate)}/s`,
};

/** Where series without a job come from. */
const noJob = 'recording rules, span metrics';

export function budgetTables(
  { series, maxSeries, sources, rates, stores: of }: Budget,
  retentions: Readonly<Record<Store, string>>,
): string {
  const storeRows = stores.map((store) => {
    const { bytesPerDay, needed, volume, share, measured } = of[store];
    return [
      store,
      incoming[store](rates[store]),
      `${measured ? '' : 'at most '}${bytes(bytesPerDay)}`,
      retentions[store],
      bytes(needed),
      `${percent(share)} of ${bytes(volume)}`,
      lasts(of[store]),
    ];
  });
  const head = ['STORE', 'IN', 'A DAY', 'KEPT FOR', 'NEEDS', 'OF WHAT IT MAY USE', 'LASTS'];
  const seriesRows = sources.map(({ source, series: count }) => [source || noJob, String(count)]);
  return [
    table([head, ...storeRows]),
    '',
    `  ${series} active series, ${percent(series / maxSeries)} of ${maxSeries} (alerts.maxSeries)`,
    table([['SOURCE', 'SERIES'], ...seriesRows]),
  ].join('\n');
}

/**
 * `./mantis budget`: what comes in, what it takes on disk, how long volumes last.
 *
 * @throws UserError when a volume will be full before retention deletes anything
 */
export async function reportBudget(session: Session, options: BudgetOptions): Promise<void> {
  const range = seconds('OVER', options.over);
  const { settings } = session;
  const budget = await withForwards(session, ['prometheus'], ({ prometheus }) =>
    measureBudget(prometheus, settings, range),
  );
  if (options.json) say(JSON.stringify(budget));
  else {
    const hours = (store: Store) => `${settings[store].retention.toHours()}h`;
    const retentions = {
      prometheus: hours('prometheus'),
      loki: hours('loki'),
      tempo: hours('tempo'),
    };
    say(`if it goes on as in the last ${options.over}:\n`);
    say(budgetTables(budget, retentions));
  }
  const guessed = stores.filter((store) => !budget.stores[store].measured);
  if (guessed.length > 0) {
    warn(`${guessed.join(', ')}: no block is written yet, so bytes on disk are an upper bound`);
  }
  const small = stores.filter((store) => budget.stores[store].share > 1);
  if (small.length > 0) {
    const settingsOf = small.map((store) => `${store}.storage or ${store}.retention`);
    throw new UserError(`a volume is too small at this rate: change ${settingsOf.join(', ')}`);
  }
}
