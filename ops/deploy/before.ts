import type { Target } from '../kubectl.ts';
import { say } from '../output.ts';
import { isReady, takeSnapshot } from '../workloads.ts';
import { changesOf } from './changes.ts';
import { liveRevision } from './live.ts';
import { type Revision, readRevision, writeDirectory } from './revision.ts';

const directory = '.build/deployed-before';

/**
 * What a deployment that fails goes back to: the last one that worked. If somebody changed the
 * cluster since, by kubectl or make kind-up, and it is well, that is it.
 */
export async function revisionBefore(target: Target): Promise<Revision | undefined> {
  const known = await readRevision(target);
  if (known === undefined) {
    say('no revision is known, so what runs now is what a failure goes back to');
    return liveRevision(target);
  }
  writeDirectory(directory, known);
  const { created, changed } = await changesOf(target, directory);
  if (created.length + changed.length === 0) return known;
  const { workloads } = await takeSnapshot(target);
  if (workloads.length === 0 || !workloads.every(isReady)) return known;
  say(
    'something was changed since the last deployment, so what runs now is what a failure goes back to',
  );
  return liveRevision(target);
}
