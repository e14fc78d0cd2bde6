import { Command } from '@commander-js/extra-typings';
import { loadSession } from '../cluster/session.ts';
import { kindDown } from '../kind-up/kind-down.ts';
import { kindUp } from '../kind-up/kind-up.ts';
import { preflight } from '../local/preflight.ts';
import { print } from '../process/output.ts';
import { forceUnlockOption } from './options.ts';

export const kindUpCommand = new Command('kind-up')
  .description('create or update the local cluster, deploy, and verify that telemetry arrives')
  .addOption(forceUnlockOption)
  .action(({ forceUnlock }) => kindUp(loadSession().settings, forceUnlock));

export const kindDownCommand = new Command('kind-down')
  .description('delete the local cluster and everything in it')
  .action(() => kindDown(loadSession().settings));

export const preflightCommand = new Command('preflight')
  .description('check that this machine has what kind-up needs')
  .action(async () => {
    await preflight(loadSession().settings);
    print('this machine has everything that ./mantis kind-up needs');
  });
