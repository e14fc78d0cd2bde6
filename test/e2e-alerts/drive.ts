import { setTimeout as sleep } from 'node:timers/promises';
import { say, table } from '../../ops/process/output.ts';
import { NotYet, retryUntil } from '../../ops/process/retry.ts';
import type { Place, Scenario } from './scenarios.ts';
import { isExpected, note, type Timeline } from './timeline.ts';

const arriveSeconds = 420;
const resolveSeconds = 480;

interface Run {
  readonly scenario: Scenario;
  readonly lines: readonly Timeline[];
  readonly injected: number;
}

/**
 * Makes faults, one round after the other and those of a round at once; sees their alerts arrive,
 * ends the faults, and sees the alerts resolve. Gives the timeline of each alert.
 */
export async function drive(
  rounds: readonly (readonly Scenario[])[],
  place: Place,
): Promise<Timeline[]> {
  const lines: Timeline[] = [];
  let driving = true;
  const watching = (async () => {
    while (driving) {
      const moment = await place.watch.look(place.receiver, lines);
      if (moment !== undefined) for (const line of lines) note(line, moment);
      await sleep(2000);
    }
  })();
  try {
    for (const round of rounds) {
      await Promise.all(
        round.map(async (scenario) => {
          const run = await start(scenario, place);
          lines.push(...run.lines);
          await follow(run, place);
        }),
      );
    }
    const open = () =>
      lines.filter(({ expected, cleared = 0, resolved }) => {
        const patience = (expected.resolveSeconds ?? resolveSeconds) * 1000;
        return resolved === undefined && Date.now() - cleared < patience;
      });
    while (open().length > 0) await sleep(2000);
  } finally {
    driving = false;
    await watching;
  }
  return lines;
}

async function start(scenario: Scenario, place: Place): Promise<Run> {
  await calm(scenario, place);
  await scenario.inject(place);
  say(`${namesOf(scenario)}: the fault is there`);
  const injected = Date.now();
  return {
    scenario,
    lines: scenario.alerts.map((expected) => ({ expected, injected })),
    injected,
  };
}

/** Waits until what the fault before has caused is over: it would be taken for this one's. */
async function calm({ alerts, already }: Scenario, { receiver, watch }: Place): Promise<void> {
  if (already) return;
  const probe = async () => {
    const moment = await watch.look(receiver, []);
    if (moment === undefined) throw new NotYet('the stores do not answer');
    const names = moment.active
      .filter(({ labels }) => alerts.some((expected) => isExpected(expected, labels)))
      .map(({ labels }) => labels.alertname);
    if (names.length > 0) throw new NotYet(`${names} is active`);
  };
  const options = { timeoutSeconds: 600, everyMs: 5000 };
  await retryUntil('the alerts of a fault before it to end', probe, options);
}

/** Follows a fault until its alerts have arrived, then ends it. */
async function follow({ scenario, lines, injected }: Run, place: Place): Promise<void> {
  let interrupted = false;
  while (lines.some(({ arrived }) => arrived === undefined)) {
    if (Date.now() - injected > arriveSeconds * 1000) break;
    if (scenario.whilePending && !interrupted && lines.some(({ pending }) => pending)) {
      interrupted = true;
      await scenario.whilePending(place);
    }
    // A pod that is being replaced must not end the run.
    await scenario.keep?.(place).catch(() => place.watch.disconnect());
    await sleep(2000);
  }
  await scenario.clear(place);
  for (const line of lines) {
    line.cleared = Date.now();
    if (scenario.whilePending && !interrupted) line.mistake ??= 'was never seen to be pending';
  }
  say(`${namesOf(scenario)}: the fault is over`);
}

const namesOf = ({ alerts, title }: Scenario) =>
  alerts.map(({ alert }) => alert).join(', ') + (title === undefined ? '' : ` (${title})`);

const seconds = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? '-' : String(Math.round((to - from) / 1000));

/** Alert by alert, the seconds from the fault and from its end. */
export function report(lines: readonly Timeline[]): string {
  const rows = lines.map((line) => [
    line.expected.alert,
    seconds(line.injected, line.pending),
    seconds(line.injected, line.firing),
    line.expected.silenced ? 'silenced' : seconds(line.injected, line.arrived),
    seconds(line.cleared, line.resolved),
    line.mistake ?? '',
  ]);
  return table([['ALERT', 'PENDING', 'FIRES', 'ARRIVES', 'RESOLVES', ''], ...rows]);
}

/** Those that did not go the whole way. */
export function failed(lines: readonly Timeline[]): Timeline[] {
  return lines.filter(
    ({ arrived, firing, resolved, mistake }) =>
      [arrived, firing, resolved].includes(undefined) || mistake !== undefined,
  );
}
