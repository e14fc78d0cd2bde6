import { apply } from '../cluster/apply.ts';
import { cliOptions, makeVariables } from '../cluster/kubectl.ts';
import { readManifests } from '../cluster/manifests.ts';
import { prune } from '../cluster/prune.ts';
import { waitForRollout } from '../cluster/rollout.ts';
import type { Session } from '../cluster/session.ts';
import { diagnoseStack, summary } from '../doctor/doctor.ts';
import { type Report, reportText } from '../doctor/report.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { Interrupted, interruptible } from '../process/interruptible.ts';
import { say, step, warn } from '../process/output.ts';
import { exitCodeOf, withSignals } from '../process/signals.ts';
import { rollBack } from './rollback.ts';
import type { Revision } from './state/revision.ts';

export interface Change {
  /** Where the manifests are. */
  readonly directory: string;
  readonly keep: Parameters<typeof prune>[2];
  /** What a failure goes back to; nothing where nothing ran. */
  readonly before: Revision | undefined;
  readonly waitSeconds: number;
  /** How long each hop of the doctor may take; undefined leaves the doctor out. */
  readonly hopSeconds: number | undefined;
  /** Ends everything when somebody else has taken over. */
  readonly lost: AbortSignal;
}

/** A deployment that did not come about. */
export class Failed extends Interrupted {
  readonly outcome: 'rolled back' | 'left as it is';

  constructor(outcome: Failed['outcome'], message: string, exitCode = 1) {
    super(message, exitCode);
    this.outcome = outcome;
  }
}

/**
 * Applies, waits and sees telemetry arrive. A failure or a signal leads back to what was there; a
 * second signal ends the program at once.
 *
 * @returns what the doctor found
 */
export function changeOrGoBack(session: Session, change: Change): Promise<Report | undefined> {
  const stop = new AbortController();
  const { target } = session;
  let signals = 0;
  let goingBack = false;
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) {
      process.stderr.write(
        `\nended at once: what runs is partly new and partly old. make deploy ${makeVariables(target)} brings it to what the settings say; ./mantis status ${cliOptions(target)} says what runs\n`,
      );
      process.exit(exitCodeOf(signal));
    }
    if (goingBack) {
      warn('going back is under way; once more ends it in the middle');
      return;
    }
    say(`\n${signal}: going back, once what is being applied is finished; once more ends at once`);
    stop.abort(new Interrupted(`it was interrupted (${signal})`, exitCodeOf(signal)));
  };
  return withSignals(onSignal, async () => {
    try {
      const signal = AbortSignal.any([stop.signal, change.lost]);
      return await interruptible(signal, () => applyAndVerify(session, change));
    } catch (error) {
      // Whoever has the lock now decides what is to be there.
      if (change.lost.aborted) throw overtaken(change.lost.reason);
      goingBack = true;
      throw await goBack(session, change, error);
    }
  });
}

function overtaken(reason: unknown): Failed {
  return new Failed(
    'left as it is',
    `the deployment was stopped in the middle: ${messageOf(reason)}\nNothing was taken back, as that would be in their way.`,
  );
}

async function applyAndVerify(
  session: Session,
  { directory, keep, waitSeconds, hopSeconds }: Change,
): Promise<Report | undefined> {
  const { target } = session;
  await step(
    () => apply(target, directory),
    (count) => `${count} objects applied`,
  );
  for (const name of await prune(target, readManifests(directory), keep)) say(`${name} removed`);
  say('waiting for the components');
  await waitForRollout(target, { timeoutSeconds: waitSeconds });
  return hopSeconds === undefined ? undefined : seeTelemetry(session, hopSeconds);
}

/** Twice: after a restart an exporter may wait half a minute before it tries its store again. */
async function seeTelemetry(session: Session, hopSeconds: number): Promise<Report> {
  say('the doctor follows telemetry through the stack');
  const first = await diagnoseStack(session, hopSeconds);
  const result = first.healthy ? first : await diagnoseStack(session, hopSeconds);
  if (!result.healthy) {
    say(reportText(result));
    throw new UserError(`the doctor found it ${summary(result)}`);
  }
  const { checks } = result;
  say(
    `  ${checks.filter(({ status }) => status === 'ok').length} of ${checks.length} checks are well, none failed`,
  );
  return result;
}

/** Gives the last word: why it failed, and what is there now. */
async function goBack(
  { target }: Session,
  { directory, keep, before, waitSeconds }: Change,
  error: unknown,
): Promise<Failed> {
  const why = messageOf(error);
  const exitCode = error instanceof Interrupted ? error.exitCode : 1;
  say(`\n${why}`);
  const [failure] = why.split('\n');
  if (before === undefined) {
    return new Failed(
      'left as it is',
      `the deployment failed: ${failure}\nThere was nothing before it to go back to, so what was applied is left to look at: ./mantis status. make deploy goes on, make undeploy removes it.`,
      exitCode,
    );
  }
  say('\ngoing back to what was there before');
  try {
    const tried = readManifests(directory);
    // A short wait for what is new is no reason to give up what is known to work.
    const timeoutSeconds = Math.max(waitSeconds, 300);
    // Nothing ends this from within, but the terminal's Ctrl-C must not reach its programs.
    const { signal } = new AbortController();
    await interruptible(signal, () => rollBack(target, before, { tried, keep, timeoutSeconds }));
  } catch (second) {
    return new Failed(
      'left as it is',
      `the deployment failed: ${failure}\nand going back failed as well: ${messageOf(second)}\nmake status says what runs`,
      exitCode,
    );
  }
  return new Failed(
    'rolled back',
    `the deployment failed: ${failure}\nIt was rolled back: what was there before runs again.`,
    exitCode,
  );
}
