import { apply } from '../cluster/apply.ts';
import { cliOptions, type Target } from '../cluster/kubectl.ts';
import { readManifests } from '../cluster/manifests.ts';
import { prune } from '../cluster/prune.ts';
import { waitForRollout } from '../cluster/rollout.ts';
import type { Session } from '../cluster/session.ts';
import { diagnoseStack, summary } from '../doctor/doctor.ts';
import { type Report, reportText } from '../doctor/report.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { exitCodeOf, withSignalHandler } from '../process/exit-signals.ts';
import { Interrupted, runInterruptible } from '../process/interruptible.ts';
import { print, printError, printWarning, runStep } from '../process/output.ts';
import { rollBack } from './rollback.ts';
import type { Revision } from './state/revision.ts';

export interface RolloutRequest {
  readonly directory: string;
  readonly keep: Parameters<typeof prune>[2];
  /** What a failure rolls back to; undefined if nothing was running. */
  readonly previous: Revision | undefined;
  readonly waitSeconds: number;
  /** The timeout of each hop of the doctor; undefined skips the doctor. */
  readonly hopSeconds: number | undefined;
  /** Aborted when another process has taken the lock. */
  readonly lockLost: AbortSignal;
}

export class DeployError extends Interrupted {
  readonly outcome: 'rolled back' | 'left as it is';

  constructor(outcome: DeployError['outcome'], message: string, exitCode = 1) {
    super(message, exitCode);
    this.outcome = outcome;
  }
}

/**
 * Applies the manifests, waits for the rollout and verifies that telemetry arrives. Rolls back after
 * a failure or a signal; a second signal exits at once.
 *
 * @returns the report of the doctor
 * @throws DeployError
 */
export function applyOrRollBack(
  session: Session,
  request: RolloutRequest,
): Promise<Report | undefined> {
  const stop = new AbortController();
  const { target } = session;
  let signals = 0;
  let rollingBack = false;
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) {
      printError(
        `\nstopped in the middle: some objects are new and some are old. ./mantis deploy ${cliOptions(target)} applies the settings; ./mantis status ${cliOptions(target)} prints what is running`,
      );
      process.exit(exitCodeOf(signal));
    }
    if (rollingBack) {
      printWarning('a rollback is in progress; another signal stops it in the middle');
      return;
    }
    print(
      `\n${signal}: rolling back after the current kubectl command; another signal stops at once`,
    );
    stop.abort(new Interrupted(`interrupted by ${signal}`, exitCodeOf(signal)));
  };
  return withSignalHandler(onSignal, async () => {
    try {
      const signal = AbortSignal.any([stop.signal, request.lockLost]);
      return await runInterruptible(signal, () => applyAndVerify(session, request));
    } catch (error) {
      if (request.lockLost.aborted) throw lockLostError(request.lockLost.reason);
      rollingBack = true;
      throw await rollBackAfter(error, session, request);
    }
  });
}

/** Whoever has the lock now decides what runs: nothing is rolled back. */
function lockLostError(reason: unknown): DeployError {
  return new DeployError(
    'left as it is',
    `the deployment was stopped in the middle: ${messageOf(reason)}\nNothing was rolled back, as that could undo what the new holder changes.`,
  );
}

async function applyAndVerify(
  session: Session,
  { directory, keep, waitSeconds, hopSeconds }: RolloutRequest,
): Promise<Report | undefined> {
  await applyAndWait(session.target, directory, keep, waitSeconds);
  return hopSeconds === undefined ? undefined : verifyTelemetry(session, hopSeconds);
}

/** Applies the manifests of a directory, prunes what they no longer have, and waits for the rollout. */
export async function applyAndWait(
  target: Target,
  directory: string,
  keep: RolloutRequest['keep'],
  timeoutSeconds: number,
): Promise<void> {
  await runStep(
    () => apply(target, directory),
    (count) => `${count} objects applied to namespace ${target.namespace}`,
  );
  for (const name of await prune(target, readManifests(directory), keep)) print(`${name} removed`);
  print('waiting for the components');
  await waitForRollout(target, { timeoutSeconds });
}

/**
 * Runs the doctor, twice if a check fails: after a restart an exporter may wait half a minute before its
 * next attempt.
 *
 * @throws UserError if a check fails again
 */
export async function verifyTelemetry(session: Session, hopSeconds: number): Promise<Report> {
  print('the doctor follows telemetry through the stack');
  const first = await diagnoseStack(session, hopSeconds);
  const result = first.healthy ? first : await diagnoseStack(session, hopSeconds);
  if (!result.healthy) {
    print(reportText(result));
    throw new UserError(`the doctor reports: ${summary(result)}`);
  }
  const { checks } = result;
  print(
    `  ${checks.filter(({ status }) => status === 'ok').length} of ${checks.length} checks passed, none failed`,
  );
  return result;
}

async function rollBackAfter(
  error: unknown,
  { target }: Session,
  { directory, keep, previous, waitSeconds }: RolloutRequest,
): Promise<DeployError> {
  const reason = messageOf(error);
  const exitCode = error instanceof Interrupted ? error.exitCode : 1;
  print(`\n${reason}`);
  const [failure] = reason.split('\n');
  if (previous === undefined) {
    return new DeployError(
      'left as it is',
      `the deployment failed: ${failure}\nThere is no previous revision to roll back to. What was applied is kept: ./mantis status ${cliOptions(target)} prints it, ./mantis deploy ${cliOptions(target)} tries again, ./mantis undeploy ${cliOptions(target)} removes it.`,
      exitCode,
    );
  }
  print('\nrolling back to the previous revision');
  try {
    const attempted = readManifests(directory);
    // A short --wait for the new revision must not fail the rollback to one that works.
    const timeoutSeconds = Math.max(waitSeconds, 300);
    // Never aborted: this only detaches the programs from Ctrl-C.
    const { signal } = new AbortController();
    await runInterruptible(signal, () =>
      rollBack(target, previous, { attempted, keep, timeoutSeconds }),
    );
  } catch (second) {
    return new DeployError(
      'left as it is',
      `the deployment failed: ${failure}\nand the rollback failed as well: ${messageOf(second)}\n./mantis status ${cliOptions(target)} prints what is running`,
      exitCode,
    );
  }
  return new DeployError(
    'rolled back',
    `the deployment failed: ${failure}\nIt was rolled back: the previous revision is running.`,
    exitCode,
  );
}
