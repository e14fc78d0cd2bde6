import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { synthesize } from '../../charts/synth.ts';
import { apply } from '../apply.ts';
import { confirm } from '../confirm.ts';
import { diagnoseStack, summary } from '../doctor/doctor.ts';
import { reportText } from '../doctor/report.ts';
import { readFiles, readManifests } from '../manifests.ts';
import { say, secondsSince, step, warn } from '../output.ts';
import { isLoadGenerator, prune } from '../prune.ts';
import { waitForRollout } from '../rollout.ts';
import { seconds } from '../seconds.ts';
import { passwordCommand } from '../secret.ts';
import { isLocal, type Session } from '../session.ts';
import { messageOf, UserError } from '../user-error.ts';
import { revisionBefore } from './before.ts';
import { judge } from './dry-run.ts';
import { isEmpty, planOf, planText } from './plan.ts';
import { refusal, requirementTable } from './requirement.ts';
import { askRequirements } from './requirements.ts';
import { type Revision, writeRevision } from './revision.ts';
import { rollBack } from './rollback.ts';

export interface DeployOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Go on although the cluster does not meet a requirement; volumes stay protected. */
  readonly ignoreChecks?: boolean;
  /** How long components may take to become ready, such as 5m. */
  readonly wait: string;
  /** How long each hop of the doctor may take. */
  readonly timeout: string;
  /** False leaves the doctor out. */
  readonly doctor: boolean;
}

const outdir = '.build/deploy';

/**
 * Brings a cluster to what the settings say: looks before it changes anything, waits, sees
 * telemetry arrive, and goes back to what was there if that fails.
 */
export async function deploy(session: Session, options: DeployOptions): Promise<void> {
  const start = performance.now();
  const { target } = session;
  const waitSeconds = seconds('--wait', options.wait);
  const hopSeconds = seconds('--timeout', options.timeout);
  const output = writeOutput(session);
  say(`namespace ${target.namespace} of context ${target.context}\n`);
  await require(session, output, options);
  const plan = await planOf(target, outdir, keepFor(session));
  say(`\n${planText(plan)}\n`);
  if (options.dryRun) {
    const count = await judge(target, outdir, plan.fresh);
    say(`the API server accepts all ${count} objects; nothing was changed`);
    return;
  }
  if (!isEmpty(plan)) await confirm(`Deploy to context ${target.context}?`, options.yes);
  const before = plan.fresh ? undefined : await revisionBefore(target);
  try {
    await bringAbout(session, { waitSeconds, hopSeconds: options.doctor ? hopSeconds : undefined });
  } catch (error) {
    throw new UserError(await goBack(session, before, messageOf(error), waitSeconds));
  }
  await writeRevision(target, output);
  say(`\nMantis is deployed after ${secondsSince(start)} s`);
  say(`  Grafana   make grafana`);
  say(`  password  ${passwordCommand(target)}`);
}

/** Writes the manifests that a session stands for. */
export function writeOutput(session: Session, directory = outdir): Revision {
  // Files of charts that are gone would otherwise be applied again.
  rmSync(directory, { recursive: true, force: true });
  synthesize(session.settings, directory, { local: isLocal(session) });
  return readFiles(directory);
}

/** On the local cluster customers are part of the output; elsewhere make demo brings them. */
export function keepFor(session: Session) {
  return isLocal(session) ? undefined : isLoadGenerator;
}

async function require(session: Session, output: Revision, options: DeployOptions): Promise<void> {
  const requirements = await askRequirements(session, output);
  say(requirementTable(requirements));
  for (const { name, status, seen, todo } of requirements) {
    if (status === 'warning') warn(`${name}: ${seen}: ${todo}`);
  }
  // No flag leads to a volume that is lost.
  const binding = requirements.filter(({ name }) => name === 'volumes' || !options.ignoreChecks);
  const complaint = refusal(binding);
  if (complaint !== undefined) throw new UserError(`\n${complaint}\nnothing was changed`);
}

async function bringAbout(
  session: Session,
  { waitSeconds, hopSeconds }: { waitSeconds: number; hopSeconds: number | undefined },
): Promise<void> {
  const { target } = session;
  await step(
    () => apply(target, outdir),
    (count) => `${count} objects applied`,
  );
  for (const name of await prune(target, readManifests(outdir), keepFor(session)))
    say(`${name} removed`);
  say('waiting for the components');
  await waitForRollout(target, { timeoutSeconds: waitSeconds });
  if (hopSeconds !== undefined) await seeTelemetry(session, hopSeconds);
}

/** Twice: after a restart an exporter may wait half a minute before it tries its store again. */
async function seeTelemetry(session: Session, hopSeconds: number): Promise<void> {
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
}

/** Gives the last word: why it failed, and what is there now. */
async function goBack(
  session: Session,
  before: Revision | undefined,
  why: string,
  waitSeconds: number,
): Promise<string> {
  const { target } = session;
  say(`\n${why}`);
  const [failure] = why.split('\n');
  if (before === undefined) {
    return `the deployment failed: ${failure}\nThere was nothing before it to go back to, so what was applied is left to look at: make status. make undeploy removes it.`;
  }
  say('\ngoing back to what was there before');
  try {
    const tried = readManifests(outdir);
    // A short wait for what is new is no reason to give up what is known to work.
    const timeoutSeconds = Math.max(waitSeconds, 300);
    await rollBack(target, before, { tried, keep: keepFor(session), timeoutSeconds });
  } catch (error) {
    return `the deployment failed: ${failure}\nand going back failed as well: ${messageOf(error)}\nmake status says what runs`;
  }
  return `the deployment failed: ${failure}\nIt was rolled back: what was there before runs again.`;
}
