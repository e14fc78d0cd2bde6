import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/endpoint-urls.ts';
import { parseSeconds } from '../process/duration.ts';
import { UserError } from '../process/errors.ts';
import { formatTable, print, printWarning } from '../process/output.ts';
import type { StoreBudget } from './budget.ts';
import { type Budget, measureBudget } from './measure.ts';

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(amount: number): string {
  const power = Math.max(0, Math.min(4, Math.floor(Math.log2(Math.max(1, amount)) / 10)));
  const value = amount / 1024 ** power;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${byteUnits[power]}`;
}

const formatPercent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function formatTimeToFull({ fullAfterDays }: StoreBudget): string {
  return fullAfterDays === undefined ? 'never' : `${fullAfterDays.toFixed(1)} days`;
}

function formatRate({ rate, unit }: StoreBudget): string {
  return unit === 'samples' ? `${rate.toFixed(0)} samples/s` : `${formatBytes(rate)}/s`;
}

const noJob = 'recording rules, span metrics';

export function budgetTables({ series, maxSeries, sources, stores, external }: Budget): string {
  const storeRows = stores.map((budget) => {
    const { store, bytesPerDay, retentionHours, needed, volume, share, measured } = budget;
    return [
      store,
      formatRate(budget),
      `${measured ? '' : 'at most '}${formatBytes(bytesPerDay)}`,
      `${retentionHours}h`,
      formatBytes(needed),
      `${formatPercent(share)} of ${formatBytes(volume)}`,
      formatTimeToFull(budget),
    ];
  });
  const head = ['STORE', 'RATE', 'PER DAY', 'RETENTION', 'NEEDED', 'OF USABLE VOLUME', 'FULL IN'];
  const seriesRows = sources.map(({ source, series: count }) => [source || noJob, String(count)]);
  return [
    formatTable([head, ...storeRows]),
    ...external.map((name) => `  ${name} is external, so that it has no volume here`),
    '',
    `  ${series} active series, ${formatPercent(series / maxSeries)} of ${maxSeries} (alerts.maxSeries)`,
    formatTable([['SOURCE', 'SERIES'], ...seriesRows]),
  ].join('\n');
}

/**
 * `./mantis budget`: prints what the stores ingest, how much disk it takes, and when volumes are full.
 *
 * @throws UserError if a volume will be full before retention deletes data
 */
export async function reportBudget(
  session: Session,
  options: { readonly over: string; readonly json?: true },
): Promise<void> {
  const range = parseSeconds('--over', options.over);
  const { settings } = session;
  const budget = await withForwards(session, ['prometheus'], ({ prometheus }) =>
    measureBudget(prometheus, settings, range),
  );
  if (options.json) print(JSON.stringify(budget));
  else print(`at the rates of the last ${options.over}:\n\n${budgetTables(budget)}`);
  const namesOf = (stores: readonly StoreBudget[]) => stores.map(({ store }) => store);
  const unmeasured = namesOf(budget.stores.filter(({ measured }) => !measured));
  if (unmeasured.length > 0) {
    printWarning(
      `${unmeasured.join(', ')}: no block is written yet, so bytes on disk are an upper bound`,
    );
  }
  const small = namesOf(budget.stores.filter(({ share }) => share > 1));
  if (small.length > 0) {
    const names = small.map((store) => `${store}.storage or ${store}.retention`);
    throw new UserError(`a volume is too small at this rate: change ${names.join(', ')}`);
  }
}
