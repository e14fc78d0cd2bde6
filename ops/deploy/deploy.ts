import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { synthesizeDeployment } from '../../charts/synth-local.ts';
import { applyNamespace } from '../cluster/apply.ts';
import { describeTarget } from '../cluster/kubectl.ts';
import { readManifestFiles } from '../cluster/manifests.ts';
import { isLoadGenerator, isLoadTest } from '../cluster/prune.ts';
import { passwordCommand } from '../cluster/secret.ts';
import { isLocal, type Session } from '../cluster/session.ts';
import type { Report } from '../doctor/report.ts';
import { confirm } from '../process/confirm.ts';
import { parseSeconds } from '../process/duration.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { print, printJson, printToStderr, printWarning, secondsSince } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { applyOrRollBack, DeployError } from './apply-or-rollback.ts';
import { describeUnmet, type Requirement, requirementTable } from './requirements/requirement.ts';
import { checkRequirements } from './requirements/requirements.ts';
import { findRollbackRevision } from './rollback-source.ts';
import { requireUnlocked, withLock } from './state/lock.ts';
import { type DeployPlan, formatPlan, isEmpty, planDeploy } from './state/plan.ts';
import { type Revision, writeRevision } from './state/revision.ts';

export interface DeployOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly ignoreChecks?: boolean;
  readonly wait: string;
  readonly timeout: string;
  readonly doctor: boolean;
  readonly forceUnlock?: boolean;
  readonly json?: boolean;
}

interface DeployResult {
  readonly namespace: string;
  readonly context: string;
  outcome: 'deployed' | 'planned' | 'refused' | 'rolled back' | 'left as it is' | 'nothing changed';
  requirements?: readonly Requirement[];
  plan?: Pick<DeployPlan, 'created' | 'changed' | 'removed'>;
  doctor?: Report;
  error?: string;
  seconds?: number;
}

const outdir = tempDir('deploy');

/**
 * `make deploy`: checks the cluster's requirements, prints a plan, applies the manifests, waits for
 * the rollout, verifies that telemetry arrives, and rolls back if that fails.
 */
export async function deploy(session: Session, options: DeployOptions): Promise<void> {
  const start = performance.now();
  const { namespace, context } = session.target;
  const result: DeployResult = { namespace, context, outcome: 'nothing changed' };
  if (options.json) printToStderr();
  try {
    await runDeployment(session, options, result);
  } catch (error) {
    result.error = messageOf(error);
    if (error instanceof DeployError) result.outcome = error.outcome;
    throw error;
  } finally {
    result.seconds = secondsSince(start);
    if (options.json) printJson(result);
  }
  if (result.outcome !== 'deployed') return;
  print(`\nMantis is deployed after ${secondsSince(start)} s`);
  print(`  Grafana   ./mantis grafana`);
  print(`  password  ${passwordCommand(session.target)}`);
}

async function runDeployment(
  session: Session,
  options: DeployOptions,
  result: DeployResult,
): Promise<void> {
  const { target } = session;
  const waitSeconds = parseSeconds('--wait', options.wait);
  const hopSeconds = parseSeconds('--timeout', options.timeout);
  const output = writeManifests(session);
  print(`namespace ${target.namespace} of ${describeTarget(target)}\n`);
  result.requirements = await enforceRequirements(session, output, options, result);
  const { forceUnlock: force, dryRun } = options;
  const expectedVersion = dryRun ? undefined : await requireUnlocked(target, force);
  const plan = await planDeploy(target, outdir, keepOnPrune(session));
  result.plan = { created: plan.created, changed: plan.changed, removed: plan.removed };
  print(`\n${formatPlan(plan)}\n`);
  if (dryRun) {
    result.outcome = 'planned';
    if (plan.fresh)
      printWarning('the API server has validated nothing, as the namespace does not exist yet');
    print('nothing was changed');
    return;
  }
  if (!isEmpty(plan)) await confirm(`Deploy to ${describeTarget(target)}?`, options.yes);
  // The namespace of the lock.
  if (plan.fresh) await applyNamespace(target, outdir);
  await withLock(
    target,
    { operation: 'deploying to', force, expectedVersion },
    async (lockLost) => {
      result.doctor = await applyOrRollBack(session, {
        directory: outdir,
        keep: keepOnPrune(session),
        previous: plan.fresh ? undefined : await findRollbackRevision(target),
        waitSeconds,
        hopSeconds: options.doctor ? hopSeconds : undefined,
        lockLost,
      });
      await writeRevision(target, output);
    },
  );
  result.outcome = 'deployed';
}

export function writeManifests(session: Session, directory = outdir): Revision {
  // Files of charts that no longer exist would be applied again.
  rmSync(directory, { recursive: true, force: true });
  synthesizeDeployment(session.settings, directory, { local: isLocal(session) });
  return readManifestFiles(directory);
}

/** What prune keeps: load tests and, except on the local cluster, background load (./mantis demo). */
export function keepOnPrune(session: Session) {
  return isLocal(session) ? isLoadTest : isLoadGenerator;
}

async function enforceRequirements(
  session: Session,
  output: Revision,
  options: DeployOptions,
  result: DeployResult,
): Promise<readonly Requirement[]> {
  const requirements = await checkRequirements(session, output);
  print(requirementTable(requirements));
  for (const { name, status, seen, todo } of requirements) {
    if (status === 'warning') printWarning(`${name}: ${seen}: ${todo}`);
  }
  // --ignore-checks must not lead to the loss of a volume.
  const binding = requirements.filter(({ name }) => name === 'volumes' || !options.ignoreChecks);
  const unmet = describeUnmet(binding);
  if (unmet === undefined) return requirements;
  result.requirements = requirements;
  result.outcome = 'refused';
  throw new UserError(`\n${unmet}\nnothing was changed`);
}
