import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { synthesize } from '../../charts/synth.ts';
import { applyNamespace } from '../cluster/apply.ts';
import { placeOf } from '../cluster/kubectl.ts';
import { readFiles } from '../cluster/manifests.ts';
import { isLoadGenerator, isLoadTest } from '../cluster/prune.ts';
import { passwordCommand } from '../cluster/secret.ts';
import { isLocal, type Session } from '../cluster/session.ts';
import type { Report } from '../doctor/report.ts';
import { confirm } from '../process/confirm.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { printJson, say, sayBesideJson, secondsSince, warn } from '../process/output.ts';
import { seconds } from '../process/seconds.ts';
import { tempDir } from '../process/temp-dir.ts';
import { revisionBefore } from './before.ts';
import { changeOrGoBack, Failed } from './change.ts';
import { judge } from './dry-run.ts';
import { type Requirement, refusal, requirementTable } from './requirements/requirement.ts';
import { askRequirements } from './requirements/requirements.ts';
import { requireUnlocked, withLock } from './state/lock.ts';
import { isEmpty, type Plan, planOf, planText } from './state/plan.ts';
import { type Revision, writeRevision } from './state/revision.ts';

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
  /** Deploy although somebody else holds the lock. */
  readonly forceUnlock?: boolean;
  /** One JSON document in place of text. */
  readonly json?: boolean;
}

/** What a machine reads of a deployment. */
interface DeployResult {
  readonly namespace: string;
  readonly context: string;
  outcome: 'deployed' | 'planned' | 'refused' | 'rolled back' | 'left as it is' | 'nothing changed';
  requirements?: readonly Requirement[];
  plan?: Pick<Plan, 'created' | 'changed' | 'removed'>;
  doctor?: Report;
  error?: string;
  seconds?: number;
}

const outdir = tempDir('deploy');

/**
 * Brings a cluster to what the settings say: looks before it changes anything, waits, sees
 * telemetry arrive, and goes back to what was there if that fails.
 */
export async function deploy(session: Session, options: DeployOptions): Promise<void> {
  const start = performance.now();
  const { namespace, context } = session.target;
  const told: DeployResult = { namespace, context, outcome: 'nothing changed' };
  if (options.json) sayBesideJson();
  try {
    await attempt(session, options, told);
  } catch (error) {
    told.error = messageOf(error);
    if (error instanceof Failed) told.outcome = error.outcome;
    throw error;
  } finally {
    told.seconds = secondsSince(start);
    if (options.json) printJson(told);
  }
  if (told.outcome !== 'deployed') return;
  say(`\nMantis is deployed after ${secondsSince(start)} s`);
  say(`  Grafana   make grafana`);
  say(`  password  ${passwordCommand(session.target)}`);
}

async function attempt(
  session: Session,
  options: DeployOptions,
  told: DeployResult,
): Promise<void> {
  const { target } = session;
  const waitSeconds = seconds('--wait', options.wait);
  const hopSeconds = seconds('--timeout', options.timeout);
  const output = writeOutput(session);
  say(`namespace ${target.namespace} of ${placeOf(target)}\n`);
  told.requirements = await require(session, output, options, told);
  const { forceUnlock: force, dryRun } = options;
  const seen = dryRun ? undefined : await requireUnlocked(target, force);
  const plan = await planOf(target, outdir, keepFor(session));
  told.plan = { created: plan.created, changed: plan.changed, removed: plan.removed };
  say(`\n${planText(plan)}\n`);
  if (dryRun) {
    const count = await judge(target, outdir, plan.fresh);
    told.outcome = 'planned';
    say(`the API server accepts all ${count} objects; nothing was changed`);
    return;
  }
  if (!isEmpty(plan)) await confirm(`Deploy to ${placeOf(target)}?`, options.yes);
  // The lock is in it.
  if (plan.fresh) await applyNamespace(target, outdir);
  await withLock(target, { doing: 'deploying to', force, seen }, async (lost) => {
    told.doctor = await changeOrGoBack(session, {
      directory: outdir,
      keep: keepFor(session),
      before: plan.fresh ? undefined : await revisionBefore(target),
      waitSeconds,
      hopSeconds: options.doctor ? hopSeconds : undefined,
      lost,
    });
    await writeRevision(target, output);
  });
  told.outcome = 'deployed';
}

/** Writes the manifests that a session stands for. */
export function writeOutput(session: Session, directory = outdir): Revision {
  // Files of charts that are gone would otherwise be applied again.
  rmSync(directory, { recursive: true, force: true });
  synthesize(session.settings, directory, { local: isLocal(session) });
  return readFiles(directory);
}

/** On the local cluster customers are part of the output; elsewhere ./mantis demo brings them. */
export function keepFor(session: Session) {
  return isLocal(session) ? isLoadTest : isLoadGenerator;
}

async function require(
  session: Session,
  output: Revision,
  options: DeployOptions,
  told: DeployResult,
): Promise<readonly Requirement[]> {
  const requirements = await askRequirements(session, output);
  say(requirementTable(requirements));
  for (const { name, status, seen, todo } of requirements) {
    if (status === 'warning') warn(`${name}: ${seen}: ${todo}`);
  }
  // No flag leads to a volume that is lost.
  const binding = requirements.filter(({ name }) => name === 'volumes' || !options.ignoreChecks);
  const complaint = refusal(binding);
  if (complaint === undefined) return requirements;
  told.requirements = requirements;
  told.outcome = 'refused';
  throw new UserError(`\n${complaint}\nnothing was changed`);
}
