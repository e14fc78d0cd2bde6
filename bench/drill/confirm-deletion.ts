import { isLocal, type Session } from '../../ops/cluster/session.ts';
import { clusterExists } from '../../ops/local/kind.ts';
import { confirmDataLoss } from '../../ops/process/confirm.ts';
import { UserError } from '../../ops/process/errors.ts';
import { run } from '../../ops/process/run.ts';

export interface DrillConsent {
  readonly yes?: true;
  /** The namespace to delete. */
  readonly yesDeleteEverything?: string;
}

/** Asks for confirmation, as a drill deletes the namespace with its volumes. @throws UserError */
export async function requireConsent(session: Session, consent: DrillConsent): Promise<void> {
  const { target } = session;
  const local = await isLocalKindCluster(session);
  const error = consentError(local, target.namespace, consent);
  if (error !== undefined) throw new UserError(error);
  if (!local || consent.yes) return;
  const question = `The drill backs up namespace ${target.namespace} of context ${target.context}, deletes it with its data, and restores it. The orders of the test app, and telemetry that arrives between backup and restore, are lost.`;
  await confirmDataLoss(question, target.namespace, '--yes');
}

/** Whether the target is the local kind cluster, and not only a context of its name. */
export async function isLocalKindCluster(session: Session): Promise<boolean> {
  const { target, settings } = session;
  return (
    isLocal(session) &&
    isLoopback(await serverOf(target.context)) &&
    (await clusterExists(settings.kind.clusterName))
  );
}

/** The error message if the drill may not run. */
export function consentError(
  local: boolean,
  namespace: string,
  { yesDeleteEverything: given }: DrillConsent,
): string | undefined {
  if (local || given === namespace) return undefined;
  const wrong = given === undefined ? '' : `, not "${given}",`;
  return `this is not the local kind cluster, and the drill deletes everything in namespace ${namespace}: add --yes-delete-everything ${namespace}${wrong} to confirm`;
}

/** The API server of a context, as the name of the context does not prove that it is local. */
async function serverOf(context: string): Promise<string> {
  const path = 'jsonpath={.clusters[0].cluster.server}';
  return run('kubectl', ['config', 'view', '--minify', '--context', context, '--output', path]);
}

export function isLoopback(server: string): boolean {
  return /^https:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(server.trim());
}
