import { say } from '../output.ts';
import type { Session } from '../session.ts';
import { keepFor, writeOutput } from './deploy.ts';
import { planOf, planText } from './plan.ts';

const outdir = '.build/diff';

/** Prints what a deployment would change, in full. */
export async function diff(session: Session): Promise<void> {
  writeOutput(session, outdir);
  const plan = await planOf(session.target, outdir, keepFor(session));
  if (plan.text !== '') say(plan.text);
  say(planText(plan));
}
