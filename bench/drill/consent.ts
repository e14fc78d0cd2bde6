import { isLocal, type Session } from '../../ops/cluster/session.ts';
import { clusterExists } from '../../ops/local/kind.ts';
import { confirmLoss } from '../../ops/process/confirm.ts';
import { UserError } from '../../ops/process/errors.ts';
import { run } from '../../ops/process/run.ts';

export interface DrillConsent {
  readonly yes?: true;
  /** The namespace, written out. */
  readonly yesDeleteEverything?: string;
}

/** A drill deletes the namespace with all its volumes: only where that is surely meant. */
export async function requireConsent(session: Session, consent: DrillConsent): Promise<void> {
  const { target, settings } = session;
  const local =
    isLocal(session) &&
    isLoopback(await serverOf(target.context)) &&
    (await clusterExists(settings.kind.clusterName));
  const refused = refusal(local, target.namespace, consent);
  if (refused !== undefined) throw new UserError(refused);
  if (!local || consent.yes) return;
  const what = `The drill deletes namespace ${target.namespace} of context ${target.context} with all it stores, and restores it from the backup that it makes. The test app's orders, and what arrives between the backup and the restore, are lost.`;
  await confirmLoss(what, target.namespace, '--yes (YES=1 for make)');
}

/** Why the drill may not run; nothing if it may. */
export function refusal(
  local: boolean,
  namespace: string,
  { yesDeleteEverything: given }: DrillConsent,
): string | undefined {
  if (local || given === namespace) return undefined;
  const wrong = given === undefined ? '' : `, not "${given}"`;
  return `this is not the local kind cluster, and the drill deletes everything in namespace ${namespace}: --yes-delete-everything ${namespace}${wrong} says that this is meant`;
}

/** The name of a context says nothing about where it leads. */
async function serverOf(context: string): Promise<string> {
  const path = 'jsonpath={.clusters[0].cluster.server}';
  return run('kubectl', ['config', 'view', '--minify', '--context', context, '--output', path]);
}

export function isLoopback(server: string): boolean {
  return /^https:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(server.trim());
}
