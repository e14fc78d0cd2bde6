import type { Session } from '../cluster/session.ts';
import { printJson, say, sayBesideJson } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { keepFor, writeOutput } from './deploy.ts';
import { planOf, planText } from './state/plan.ts';

const outdir = tempDir('diff');

/** Prints what a deployment would change, in full. */
export async function diff(session: Session, { json }: { json?: boolean } = {}): Promise<void> {
  if (json) sayBesideJson();
  writeOutput(session, outdir);
  const plan = await planOf(session.target, outdir, keepFor(session));
  if (json) return printJson(plan);
  if (plan.text !== '') say(plan.text);
  say(planText(plan));
}
