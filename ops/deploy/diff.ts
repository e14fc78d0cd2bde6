import type { Session } from '../cluster/session.ts';
import { print, printJson, printToStderr } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { keepOnPrune, writeManifests } from './deploy.ts';
import { formatPlan, planDeploy } from './state/plan.ts';

const outdir = tempDir('diff');

/** `./mantis diff`: prints what a deployment would change, in full. */
export async function diff(session: Session, { json }: { json?: boolean } = {}): Promise<void> {
  if (json) printToStderr();
  writeManifests(session, outdir);
  const plan = await planDeploy(session.target, outdir, keepOnPrune(session));
  if (json) return printJson(plan);
  if (plan.text !== '') print(plan.text);
  print(formatPlan(plan));
}
