import type { Session } from '../../ops/cluster/session.ts';
import { UserError } from '../../ops/process/errors.ts';
import { isLocalKindCluster } from '../drill/confirm-deletion.ts';

/** Refuses a cluster that may be in use, as odd telemetry stays in its stores. @throws UserError */
export async function requireThrowAwayCluster(session: Session, yes?: true): Promise<void> {
  const error = consentError(await isLocalKindCluster(session), session.target.context, yes);
  if (error !== undefined) throw new UserError(error);
}

/** The error message if the run may not start. */
export function consentError(local: boolean, context: string, yes?: true): string | undefined {
  if (!local) return `context ${context} is not the local kind cluster: fuzz runs on no other`;
  if (yes) return undefined;
  return `odd telemetry stays in the stores of context ${context}: add --yes to confirm`;
}
