import { readFileSync } from 'node:fs';
import { doctorFileNames, doctorLoginVariables } from '../../lib/jobs/doctor-job-contract.ts';
import type { StackAccess } from './model/access.ts';
import type { DoctorPlan } from './model/doctor-plan.ts';
import { failedFindings } from './model/finding.ts';
import { runChecks } from './run-checks.ts';
import { waitForEndpoints } from './wait-for-endpoints.ts';

/**
 * The program of the doctor's pod, bundled into one file. It runs the checks once and prints the
 * findings as one line of JSON.
 */
async function main(): Promise<void> {
  const { expected, access } = JSON.parse(readFileSync(doctorFileNames.plan, 'utf8')) as DoctorPlan;
  await waitForEndpoints(access);
  const findings = await runChecks(
    { ...access, grafanaLogin: readGrafanaLogin(process.env) },
    expected,
  );
  const code = failedFindings(findings).length === 0 ? 0 : 1;
  // Exits now: unanswered connection attempts would go on for two minutes.
  process.stdout.write(`${JSON.stringify(findings)}\n`, () => process.exit(code));
}

function readGrafanaLogin(env: NodeJS.ProcessEnv): StackAccess['grafanaLogin'] {
  const [user, password] = [env[doctorLoginVariables.user], env[doctorLoginVariables.password]];
  if (user === undefined || password === undefined) {
    return { error: "there is no Secret with Grafana's login" };
  }
  return { user, password };
}

void main();
