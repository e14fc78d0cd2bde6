import { synthesize } from '../../charts/synth.ts';
import { exists, kubectl } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { messageOf } from '../process/errors.ts';
import { say } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { judge } from './dry-run.ts';

/**
 * Lets the API server judge the manifests, with its schemas and admission rules, without changing
 * anything. Where no cluster answers it says so and is content.
 */
export async function dryRunManifests({ settings, target }: Session): Promise<void> {
  try {
    await kubectl(target, ['version']);
  } catch (error) {
    say(`SKIPPED: server-side dry run: ${messageOf(error)}`);
    return;
  }
  if (!(await exists(target, 'namespace', target.namespace))) {
    // A dry run of the namespace does not make it, so everything in it would be refused.
    say(`SKIPPED: server-side dry run: no namespace ${target.namespace} in ${target.context} yet`);
    return;
  }
  const outdir = tempDir('dry-run');
  synthesize(settings, outdir);
  const count = await judge(target, outdir, false);
  say(`the API server of context ${target.context} accepts all ${count} objects`);
}
