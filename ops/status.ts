import { z } from 'zod';
import { hostUrls } from './access.ts';
import { kubectlJson, type Target } from './kubectl.ts';
import { say, table } from './output.ts';
import { podProblem } from './pod-problems.ts';
import { componentOf, describePod, ourSelector, restartsOf } from './pods.ts';
import { isLocal, type Session } from './session.ts';
import { UserError } from './user-error.ts';
import { isReady, type Snapshot, takeSnapshot } from './workloads.ts';

const claimsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ resources: z.object({ requests: z.object({ storage: z.string() }) }) }),
      status: z.object({
        phase: z.string().default('unknown'),
        capacity: z.object({ storage: z.string() }).optional(),
      }),
    }),
  ),
});

type Claims = z.output<typeof claimsSchema>['items'];

/**
 * Prints what runs, what is stored and where it is reached.
 *
 * @throws UserError when something is not ready, so that scripts can ask too
 */
export async function status(session: Session): Promise<void> {
  const { target } = session;
  const [snapshot, { items: claims }, urls] = await Promise.all([
    takeSnapshot(target),
    kubectlJson(target, claimsSchema, ['get', 'persistentvolumeclaims', ourSelector]),
    hostUrls(session),
  ]);
  if (snapshot.workloads.length === 0) throw new UserError(nothingDeployed(session));
  say(`namespace ${target.namespace} of context ${target.context}\n`);
  say(componentTable(snapshot));
  say();
  say(claimTable(claims));
  say();
  const rows = Object.entries(urls).map(([name, url]) => [name, url]);
  say(rows.length > 0 ? table(rows) : '  no ports mapped to this machine: make port-forward');
  const complaint = complaintOf(snapshot, target);
  if (complaint !== undefined) throw new UserError(complaint);
}

function nothingDeployed(session: Session): string {
  const { context, namespace } = session.target;
  const how = isLocal(session) ? 'make kind-up deploys it' : 'kubectl apply --server-side -f dist/';
  return `nothing of Mantis is in namespace ${namespace} of context ${context}: ${how}`;
}

export function componentTable({ workloads, pods }: Snapshot): string {
  const rows = workloads.map((workload) => {
    const { metadata, spec, status: seen } = workload;
    const own = pods.filter((pod) => componentOf(pod) === metadata.name);
    const restarts = own.reduce((sum, pod) => sum + restartsOf(pod), 0);
    const doing = isReady(workload) ? '' : own.map(describePod).join(', ') || 'no pod';
    return [metadata.name, `${seen.readyReplicas}/${spec.replicas}`, String(restarts), doing];
  });
  return table([['COMPONENT', 'READY', 'RESTARTS', ''], ...rows]);
}

function claimTable(claims: Claims): string {
  const rows = claims.map(({ metadata, spec, status: seen }) => [
    metadata.name,
    seen.phase,
    seen.capacity?.storage ?? spec.resources.requests.storage,
  ]);
  return table([['VOLUME CLAIM', 'PHASE', 'SIZE'], ...rows]);
}

/** What keeps the stack from being ready, with a reason for each component where one is known. */
export function complaintOf({ workloads, pods }: Snapshot, target: Target): string | undefined {
  const lines = workloads
    .filter((workload) => !isReady(workload))
    .map(({ metadata: { name, namespace = target.namespace } }) => {
      const own = pods.filter((pod) => componentOf(pod) === name);
      const [problem] = own.map(podProblem).filter((each) => each !== undefined);
      if (problem !== undefined)
        return `${name} is not ready: ${problem.reason}: ${problem.message}`;
      const events = `kubectl --context ${target.context} -n ${namespace} describe pod -l app.kubernetes.io/name=${name}`;
      return `${name} is not ready; its events: ${events}`;
    });
  return lines.length === 0 ? undefined : lines.join('\n');
}
