import { Command } from '@commander-js/extra-typings';
import { hasCustomSettings } from '../../settings/load.ts';
import { loadSession } from '../cluster/session.ts';
import { print } from '../process/output.ts';

/** For `make synth`: dist/ for the default settings only, .build/manifests for others. */
export const synthDirCommand = new Command('synth-dir')
  .description('print the output directory of make synth')
  .action(() => {
    // cdk8s empties the directory before it runs the app, so errors in the settings have to end here.
    loadSession();
    const own = hasCustomSettings({ file: 'mantis.yaml', env: process.env });
    print(own ? '.build/manifests' : 'dist');
  });
