import { z } from 'zod';
import { type HostUrls, hostUrls } from '../connections/connections.ts';
import { UserError } from '../process/errors.ts';
import { printJson, say, table } from '../process/output.ts';
import { kubectlJson, placeOf, type Target, typed } from './kubectl.ts';
import { podProblem } from './pod-problems.ts';
import { componentOf, describePod, ourSelector, restartsOf } from './pods.ts';
import { isLocal, type Session } from './session.ts';
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
export async function status(session: Session, { json }: { json?: boolean } = {}): Promise<void> {
  const { target } = session;
  const [snapshot, { items: claims }, urls] = await Promise.all([
    takeSnapshot(target),
    kubectlJson(target, claimsSchema, ['get', 'persistentvolumeclaims', ourSelector]),
    hostUrls(session),
  ]);
  if (json) printJson(statusDocument(session, snapshot, claims, urls));
  if (snapshot.workloads.length === 0) throw new UserError(nothingDeployed(session));
  if (!json) sayStatus(target, snapshot, claims, urls);
  const complaint = complaintOf(snapshot, target);
  if (complaint !== undefined) throw new UserError(complaint);
}

function sayStatus(target: Target, snapshot: Snapshot, claims: Claims, urls: HostUrls): void {
  say(`namespace ${target.namespace} of ${placeOf(target)}\n`);
  say(componentTable(snapshot));
  say();
  say(claimTable(claims));
  say();
  const rows = Object.entries(urls).map(([name, url]) => [name, url]);
  say(rows.length > 0 ? table(rows) : '  no ports mapped to this machine: ./mantis port-forward');
}

/** The same for machines. */
export function statusDocument(
  { target: { context, namespace } }: Pick<Session, 'target'>,
  { workloads, pods }: Snapshot,
  claims: Claims,
  urls: HostUrls,
) {
  return {
    namespace,
    context,
    ready: workloads.length > 0 && workloads.every(isReady),
    components: workloads.map((workload) => {
      const { metadata, spec, status: seen } = workload;
      const own = pods.filter((pod) => componentOf(pod) === metadata.name);
      const [problem] = own.map(podProblem).filter((each) => each !== undefined);
      return {
        name: metadata.name,
        ready: isReady(workload),
        replicas: spec.replicas,
        readyReplicas: seen.readyReplicas,
        restarts: own.reduce((sum, pod) => sum + restartsOf(pod), 0),
        ...(problem !== undefined && { problem: `${problem.reason}: ${problem.message}` }),
      };
    }),
    volumes: claims.map(({ metadata, spec, status: seen }) => ({
      name: metadata.name,
      phase: seen.phase,
      size: seen.capacity?.storage ?? spec.resources.requests.storage,
    })),
    urls,
  };
}

function nothingDeployed(session: Session): string {
  const { target } = session;
  const how = isLocal(session) ? 'make kind-up deploys it' : 'kubectl apply --server-side -f dist/';
  return `nothing of Mantis is in namespace ${target.namespace} of ${placeOf(target)}: ${how}`;
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
      const selector = `app.kubernetes.io/name=${name}`;
      const events = typed({ ...target, namespace }, ['describe', 'pod', '-l', selector]);
      return `${name} is not ready; its events: ${events}`;
    });
  return lines.length === 0 ? undefined : lines.join('\n');
}
