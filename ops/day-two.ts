import type { Command } from 'commander';
import { type DoctorOptions, defaultTimeout, doctor } from './doctor/doctor.ts';
import { requireTools } from './preflight.ts';
import { openSession } from './session.ts';

const context = [
  '--context <name>',
  'kubectl context (default: $KUBE_CONTEXT, or the kind cluster)',
] as const;

interface OnContext {
  readonly context?: string;
}

/** The commands for a stack that is there, or is to be, on any cluster. */
export function addDayTwo(program: Command): void {
  program
    .command('doctor')
    .description('follow telemetry through the stack; exits 1 if a hop fails')
    .option('--timeout <duration>', 'how long each hop may take', defaultTimeout)
    .option('--json', 'print one JSON document')
    .option(...context)
    .action(async ({ context: name, ...options }: DoctorOptions & OnContext) => {
      await requireTools('kubectl');
      await doctor(openSession(name), options);
    });
}
