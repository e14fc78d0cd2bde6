import { Command } from '@commander-js/extra-typings';
import { checkApp } from '../app/check-app.ts';
import { onboard, parseNewcomer, parseService } from '../app/onboard.ts';
import { sessionOn } from '../cluster/open-session.ts';
import { contextOption } from './options.ts';

export const onboardCommand = new Command('onboard')
  .description('print what an app of any namespace needs to send telemetry')
  .requiredOption('--namespace <name>', 'where it runs')
  .requiredOption('--service <name>', 'its service.name')
  .addOption(contextOption)
  .action(async ({ namespace, service, ...where }) =>
    onboard(await sessionOn(where), parseNewcomer(namespace, service)),
  );

export const checkAppCommand = new Command('check-app')
  .description('whether the three signals of an app arrive, and lead to each other')
  .requiredOption('--service <name>', 'its service.name')
  .addOption(contextOption)
  .action(async ({ service, ...where }) => checkApp(await sessionOn(where), parseService(service)));
