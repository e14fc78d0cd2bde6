import type { Session } from '../../ops/cluster/session.ts';
import { UserError } from '../../ops/process/errors.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { itemTypes } from '../delivery/numbered-batch.ts';
import { deliveryTable } from '../delivery/verify.ts';
import { requireThrowAwayCluster } from './consent.ts';
import { droppedAtLeast } from './counters.ts';
import { type FuzzOptions, fuzz } from './fuzz.ts';
import { type FuzzResult, fuzzFailures, isMissing, type Outcome, unaccounted } from './outcome.ts';

/**
 * `npm run fuzz`: sends mutated telemetry and prints what became of it.
 *
 * @throws UserError if a pod restarted, a good item is missing, or an odd one vanished
 */
export async function reportFuzz(
  session: Session,
  { yes, ...options }: FuzzOptions & { readonly yes?: true },
): Promise<void> {
  await requireThrowAwayCluster(session, yes);
  print(`sending ${options.requests} mutated requests, seed ${options.seed}`);
  const result = await fuzz(session, options);
  print(formatResult(result));
  const failures = fuzzFailures(result);
  if (failures.length > 0) throw new UserError(failures.join('\n'));
  print('every good item is stored; every odd one was refused, is stored, or was counted');
}

const columns = ['SENT', 'ACCEPTED', 'REFUSED', 'STORED', 'NOT STORED', 'UNMARKED'];

/** The tables of odd items by kind, of the counters, and of the good items. */
export function formatResult({ outcomes, increases, ledger }: FuzzResult): string {
  const kinds = [...groupBy(outcomes, ({ request }) => `${request.type} ${request.kind}`)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, of]) => [kind, ...numbersOf(of), countedAlone(of)]);
  const totals = itemTypes.map((type) => [
    type,
    ...numbersOf(outcomes.filter(({ request }) => request.type === type)),
    String(droppedAtLeast(increases, type)),
    String(unaccounted(outcomes, increases, type)),
  ]);
  const counts = increases.map(({ type, stage, series, value }) => {
    return [type, stage, series, String(value)];
  });
  return [
    formatTable([['ODD ITEMS BY KIND', ...columns, 'COUNTED ALONE'], ...kinds]),
    formatTable([['ODD ITEMS', ...columns, 'COUNTED', 'VANISHED'], ...totals]),
    formatTable([['COUNTED AS DROPPED', '', 'COUNTER', 'INCREASE'], ...counts]),
    formatTable([['GOOD ITEMS']]),
    deliveryTable(ledger.deliveries()),
  ].join('\n');
}

/** An unmarked item was accepted, but has nothing by which it could be found. */
function numbersOf(of: readonly Outcome[]): string[] {
  const accepted = of.filter(({ answer }) => answer.accepted);
  const stored = accepted.filter((outcome) => outcome.stored).length;
  const missing = accepted.filter(isMissing).length;
  const refused = groupBy(
    of.filter(({ answer }) => !answer.accepted),
    ({ answer }) => String(answer.status ?? answer.text.slice(0, 40)),
  );
  return [
    ...[`${of.length}`, `${accepted.length}`],
    [...refused].map(([status, { length }]) => `${length} (${status})`).join(' '),
    ...[stored, missing, accepted.length - stored - missing].map(String),
  ];
}

/** Of the requests that were sent again alone, how many were counted. */
function countedAlone(of: readonly Outcome[]): string {
  const repeated = of.filter((outcome) => outcome.countedAlone !== undefined);
  if (repeated.length === 0) return '';
  const counted = repeated.filter((outcome) => outcome.countedAlone).length;
  return `${counted} of ${repeated.length}`;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
