import { Command } from '@commander-js/extra-typings';
import { openSession } from '../cluster/open-session.ts';
import { forwardAll, openGrafana } from '../connections/forward-all.ts';
import { contextOption, sshOption } from './options.ts';

export const grafanaCommand = new Command('grafana')
  .description('connect to Grafana, and print its URL and login')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => openGrafana(await openSession(options)));

export const portForwardCommand = new Command('port-forward')
  .description('forward local ports to the components until interrupted')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => forwardAll(await openSession(options)));
