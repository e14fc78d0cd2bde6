import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { checkAppCommand, onboardCommand } from './app.ts';
import { backupCommand } from './backup.ts';
import { grafanaCommand, portForwardCommand } from './connect.ts';
import { configCommand, deployCommand, diffCommand, undeployCommand } from './deploy.ts';
import { faultCommand } from './fault.ts';
import { imagesCommand } from './images.ts';
import { budgetCommand, doctorCommand, statusCommand, testAlertCommand } from './inspect.ts';
import { kindDownCommand, kindUpCommand, preflightCommand } from './kind.ts';
import { demoCommand, loadCommand } from './load.ts';
import { synthDirCommand } from './manifests.ts';
import { restoreCommand } from './restore.ts';

export const commands: Readonly<Record<string, readonly CommandUnknownOpts[]>> = {
  'Local cluster:': [kindUpCommand, kindDownCommand, preflightCommand, imagesCommand],
  'Any cluster:': [deployCommand, diffCommand, undeployCommand, configCommand],
  'Use and inspect:': [
    grafanaCommand,
    portForwardCommand,
    statusCommand,
    doctorCommand,
    budgetCommand,
    testAlertCommand,
  ],
  'Apps:': [onboardCommand, checkAppCommand, loadCommand, demoCommand, faultCommand],
  'Data:': [backupCommand, restoreCommand],
};

/** For the Makefile alone. */
export const hiddenCommands: readonly CommandUnknownOpts[] = [synthDirCommand];
