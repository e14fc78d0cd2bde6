import type { Command } from 'commander';
import { contextOption } from './context-option.ts';
import { config } from './deploy/config.ts';
import { type DeployOptions, deploy } from './deploy/deploy.ts';
import { diff } from './deploy/diff.ts';
import { type UndeployOptions, undeploy } from './deploy/undeploy.ts';
import { type DoctorOptions, defaultTimeout, doctor } from './doctor/doctor.ts';
import { requireTools } from './preflight.ts';
import { openSession } from './session.ts';

interface OnContext {
  readonly context?: string;
}

/** The commands for a stack that is there, or is to be, on any cluster. */
export function addDayTwo(program: Command): void {
  program
    .command('doctor')
    .description('follow telemetry through the stack; exits 1 if a hop fails')
    .option('--timeout <duration>', 'how long each hop may take', defaultTimeout)
    .option('--inside', 'look from a pod of the cluster: by DNS, Services and NetworkPolicies')
    .option('--json', 'print one JSON document')
    .option(...contextOption)
    .action(async ({ context: name, ...options }: DoctorOptions & OnContext) => {
      await requireTools('kubectl');
      await doctor(openSession(name), options);
    });

  program
    .command('deploy')
    .description('bring a cluster to what the settings say, or back to what was there before')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would change, let the API server judge it, change nothing')
    .option('--ignore-checks', 'go on although a requirement is not met; volumes stay protected')
    .option('--wait <duration>', 'how long components may take to become ready', '10m')
    .option('--timeout <duration>', 'how long each hop of the doctor may take', '40s')
    .option('--no-doctor', 'do not send telemetry through the stack afterwards')
    .option(...contextOption)
    .action(async ({ context: name, ...options }: DeployOptions & OnContext) => {
      await requireTools('kubectl');
      await deploy(openSession(name), options);
    });

  program
    .command('undeploy')
    .description('remove what Mantis runs; what it stores stays unless --volumes is given')
    .option('--yes', 'do not ask')
    .option('--volumes', 'also delete all that is stored, the login and the namespace')
    .option(...contextOption)
    .action(async ({ context: name, ...options }: UndeployOptions & OnContext) => {
      await requireTools('kubectl');
      await undeploy(openSession(name), options);
    });

  program
    .command('diff')
    .description('print what deploy would change')
    .option(...contextOption)
    .action(async ({ context: name }: OnContext) => {
      await requireTools('kubectl');
      await diff(openSession(name));
    });

  program
    .command('config')
    .description('print every setting in force, and where it comes from')
    .option('--json', 'print JSON')
    .action(config);
}
