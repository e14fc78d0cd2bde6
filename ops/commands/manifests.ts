import { Command } from '@commander-js/extra-typings';
import { customized } from '../../settings/load.ts';
import { sessionOn } from '../cluster/open-session.ts';
import { openSession } from '../cluster/session.ts';
import { dryRunManifests } from '../deploy/validate.ts';
import { say } from '../process/output.ts';
import { contextOption, sshOption } from './options.ts';

/** For `make synth`. */
export const synthDirCommand = new Command('synth-dir')
  .description('print where synth writes: dist/ holds the defaults and nothing else')
  .action(() => {
    // cdk8s empties the directory before it runs the app, so a mistake has to be found here.
    openSession();
    const own = customized({ file: 'mantis.yaml', env: process.env });
    say(own ? '.build/manifests' : 'dist');
  });

export const dryRunCommand = new Command('dry-run')
  .description('let the API server check the manifests')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => dryRunManifests(await sessionOn(options)));
