import { Command } from '@commander-js/extra-typings';
import { openSession } from '../cluster/session.ts';
import { kindDown } from '../kind-up/kind-down.ts';
import { kindUp } from '../kind-up/kind-up.ts';
import { preflight } from '../local/preflight.ts';
import { say } from '../process/output.ts';
import { forceUnlockOption } from './options.ts';

export const kindUpCommand = new Command('kind-up')
  .description('create or update the local cluster, deploy, and see telemetry arrive')
  .addOption(forceUnlockOption)
  .action(({ forceUnlock }) => kindUp(openSession().settings, forceUnlock));

export const kindDownCommand = new Command('kind-down')
  .description('delete the local cluster and everything in it')
  .action(() => kindDown(openSession().settings));

export const preflightCommand = new Command('preflight')
  .description('check that this machine has what kind-up needs')
  .action(async () => {
    await preflight(openSession().settings);
    say('everything that make kind-up needs is here');
  });
