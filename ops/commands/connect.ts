import { Command } from '@commander-js/extra-typings';
import { sessionOn } from '../cluster/open-session.ts';
import { forwardAll, openGrafana } from '../connections/open.ts';
import { contextOption, sshOption } from './options.ts';

export const grafanaCommand = new Command('grafana')
  .description('connect to Grafana; prints URL and login')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => openGrafana(await sessionOn(options)));

export const portForwardCommand = new Command('port-forward')
  .description('connect to every interface until interrupted')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => forwardAll(await sessionOn(options)));
