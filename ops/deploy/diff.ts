import type { Session } from '../cluster/session.ts';
import { print } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { keepOnPrune, writeManifests } from './deploy.ts';
import { formatPlan, planDeploy } from './state/plan.ts';

const outdir = tempDir('diff');

/** `./mantis diff`: prints what a deployment would change, in full. */
export async function diff(session: Session): Promise<void> {
  writeManifests(session, outdir);
  const plan = await planDeploy(session.target, outdir, keepOnPrune(session));
  if (plan.text !== '') print(plan.text);
  print(formatPlan(plan));
}
