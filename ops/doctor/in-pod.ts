import { readFileSync } from 'node:fs';
import { doctorFiles, doctorLogin } from '../../lib/jobs/doctor-names.ts';
import { examine } from './examine.ts';
import { failures } from './model/finding.ts';
import type { Plan } from './model/plan.ts';
import type { Reach } from './model/reach.ts';
import { warmUp } from './warm-up.ts';

/**
 * What the doctor's pod runs, bundled into one file. It looks once and prints what it found as one
 * line of JSON; whoever started it knows what Kubernetes has to say about that.
 */
async function main(): Promise<void> {
  const { expected, reach } = JSON.parse(readFileSync(doctorFiles.plan, 'utf8')) as Plan;
  await warmUp(reach);
  const findings = await examine({ ...reach, login: loginFrom(process.env) }, expected);
  const code = failures(findings).length === 0 ? 0 : 1;
  // A connection that nobody answers is tried for two minutes more, and nobody waits for it.
  process.stdout.write(`${JSON.stringify(findings)}\n`, () => process.exit(code));
}

function loginFrom(env: NodeJS.ProcessEnv): Reach['login'] {
  const [user, password] = [env[doctorLogin.user], env[doctorLogin.password]];
  if (user === undefined || password === undefined) {
    return { error: "there is no Secret with Grafana's login" };
  }
  return { user, password };
}

void main();
