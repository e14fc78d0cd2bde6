import { setTimeout as sleep } from 'node:timers/promises';
import { formatTable, print } from '../../ops/process/output.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import type { Scenario, ScenarioContext } from './scenarios.ts';
import { matchesExpected, recordObservation, type Timeline } from './timeline.ts';

const notifySeconds = 420;
const resolveSeconds = 480;

interface ScenarioRun {
  readonly scenario: Scenario;
  readonly timelines: readonly Timeline[];
  readonly injected: number;
}

/**
 * Injects faults, round by round and those of a round at once; waits for their notifications, ends the
 * faults, and waits until the alerts are resolved. @returns the timeline of each alert
 */
export async function runScenarios(
  rounds: readonly (readonly Scenario[])[],
  context: ScenarioContext,
): Promise<Timeline[]> {
  const timelines: Timeline[] = [];
  let running = true;
  const observing = (async () => {
    while (running) {
      const observation = await context.watcher.observe(context.receiver, timelines);
      if (observation !== undefined)
        for (const timeline of timelines) recordObservation(timeline, observation);
      await sleep(2000);
    }
  })();
  try {
    for (const round of rounds) {
      await Promise.all(
        round.map(async (scenario) => {
          const run = await inject(scenario, context);
          timelines.push(...run.timelines);
          await waitForAlerts(run, context);
        }),
      );
    }
    const unresolved = () =>
      timelines.filter(({ expected, cleared = 0, resolved }) => {
        const limitMs = (expected.resolveSeconds ?? resolveSeconds) * 1000;
        return resolved === undefined && Date.now() - cleared < limitMs;
      });
    while (unresolved().length > 0) await sleep(2000);
  } finally {
    running = false;
    await observing;
  }
  return timelines;
}

async function inject(scenario: Scenario, context: ScenarioContext): Promise<ScenarioRun> {
  await waitUntilInactive(scenario, context);
  await scenario.inject(context);
  print(`${describeScenario(scenario)}: fault injected`);
  const injected = Date.now();
  return {
    scenario,
    timelines: scenario.alerts.map((expected) => ({ expected, injected })),
    injected,
  };
}

/** Waits until the expected alerts are inactive: those of an earlier fault would be mistaken for new ones. */
async function waitUntilInactive(
  { alerts, presentFromStart: already }: Scenario,
  { receiver, watcher }: ScenarioContext,
): Promise<void> {
  if (already) return;
  const requireInactive = async () => {
    const observation = await watcher.observe(receiver, []);
    if (observation === undefined) throw new RetryLater('the stores do not answer');
    const names = observation.active
      .filter(({ labels }) => alerts.some((expected) => matchesExpected(expected, labels)))
      .map(({ labels }) => labels.alertname);
    if (names.length > 0) throw new RetryLater(`${names} is active`);
  };
  const options = { timeoutSeconds: 600, intervalMs: 5000 };
  await retryUntil('the alerts of an earlier fault to end', requireInactive, options);
}

/** Waits for the notifications of a fault, then ends it. */
async function waitForAlerts(
  { scenario, timelines, injected }: ScenarioRun,
  context: ScenarioContext,
): Promise<void> {
  let interrupted = false;
  while (timelines.some(({ notified: arrived }) => arrived === undefined)) {
    if (Date.now() - injected > notifySeconds * 1000) break;
    if (scenario.whilePending && !interrupted && timelines.some(({ pending }) => pending)) {
      interrupted = true;
      await scenario.whilePending(context);
    }
    // A pod that is being replaced must not fail the run.
    await scenario.repeat?.(context).catch(() => context.watcher.disconnect());
    await sleep(2000);
  }
  await scenario.clear(context);
  for (const timeline of timelines) {
    timeline.cleared = Date.now();
    if (scenario.whilePending && !interrupted) timeline.problem ??= 'was never observed as pending';
  }
  print(`${describeScenario(scenario)}: fault ended`);
}

const describeScenario = ({ alerts, title }: Scenario) =>
  alerts.map(({ alert }) => alert).join(', ') + (title === undefined ? '' : ` (${title})`);

const seconds = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? '-' : String(Math.round((to - from) / 1000));

/** One row for each alert: seconds from the injection, and from the end of the fault. */
export function report(timelines: readonly Timeline[]): string {
  const rows = timelines.map((timeline) => [
    timeline.expected.alert,
    seconds(timeline.injected, timeline.pending),
    seconds(timeline.injected, timeline.firing),
    timeline.expected.inhibited ? 'inhibited' : seconds(timeline.injected, timeline.notified),
    seconds(timeline.cleared, timeline.resolved),
    timeline.problem ?? '',
  ]);
  return formatTable([['ALERT', 'PENDING', 'FIRING', 'NOTIFIED', 'RESOLVED', ''], ...rows]);
}

/** The timelines that are incomplete or have a problem. */
export function failedTimelines(timelines: readonly Timeline[]): Timeline[] {
  return timelines.filter(
    ({ notified: arrived, firing, resolved, problem: mistake }) =>
      [arrived, firing, resolved].includes(undefined) || mistake !== undefined,
  );
}
