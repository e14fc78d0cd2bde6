import { Command } from '@commander-js/extra-typings';
import { openSession } from '../cluster/open-session.ts';
import { checkApp } from '../onboarding/check-app.ts';
import { onboard, parseAppIdentity, parseService } from '../onboarding/onboard.ts';
import { contextOption } from './options.ts';

export const onboardCommand = new Command('onboard')
  .description('print what an app in any namespace needs to send telemetry')
  .requiredOption('--namespace <name>', 'namespace of the app')
  .requiredOption('--service <name>', 'service.name of the app')
  .addOption(contextOption)
  .action(async ({ namespace, service, ...where }) =>
    onboard(await openSession(where), parseAppIdentity(namespace, service)),
  );

export const checkAppCommand = new Command('check-app')
  .description('check that traces, metrics and logs of an app arrive and are correlated')
  .requiredOption('--service <name>', 'service.name of the app')
  .addOption(contextOption)
  .action(async ({ service, ...where }) =>
    checkApp(await openSession(where), parseService(service)),
  );
