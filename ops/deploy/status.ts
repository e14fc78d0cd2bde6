import { z } from 'zod';
import { cliOptions, describeTarget, kubectlList, type Target } from '../cluster/kubectl.ts';
import { componentOf, describePod, mantisSelector, restartsOf } from '../cluster/pods.ts';
import { isLocal, type Session } from '../cluster/session.ts';
import { isReady, type Snapshot, takeSnapshot } from '../cluster/workloads.ts';
import { hostUrls } from '../connections/endpoint-urls.ts';
import { workloadCause } from '../doctor/diagnose.ts';
import { UserError } from '../process/errors.ts';
import { formatTable, print } from '../process/output.ts';

const claimSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ resources: z.object({ requests: z.object({ storage: z.string() }) }) }),
  status: z.object({
    phase: z.string().default('unknown'),
    capacity: z.object({ storage: z.string() }).optional(),
  }),
});

type Claims = z.output<typeof claimSchema>[];

/**
 * `./mantis status`: prints the components, their volumes and their URLs.
 *
 * @throws UserError if a component is not ready
 */
export async function status(session: Session): Promise<void> {
  const { target } = session;
  const [snapshot, claims, urls] = await Promise.all([
    takeSnapshot(target),
    kubectlList(target, claimSchema, ['get', 'persistentvolumeclaims', mantisSelector]),
    hostUrls(session),
  ]);
  if (snapshot.workloads.length === 0) throw new UserError(notDeployedMessage(session));
  print(`namespace ${target.namespace} of ${describeTarget(target)}\n`);
  print(componentTable(snapshot));
  print();
  print(claimTable(claims));
  print();
  const rows = Object.entries(urls).map(([name, url]) => [name, url]);
  print(rows.length > 0 ? formatTable(rows) : '  no ports are mapped: run ./mantis port-forward');
  const notReady = notReadyMessage(snapshot, target);
  if (notReady !== undefined) throw new UserError(notReady);
}

function notDeployedMessage(session: Session): string {
  const { target } = session;
  const advice = isLocal(session)
    ? 'run ./mantis kind-up'
    : `run ./mantis deploy ${cliOptions(target)}`;
  return `Mantis is not deployed in namespace ${target.namespace} of ${describeTarget(target)}: ${advice}`;
}

export function componentTable({ workloads, pods }: Snapshot): string {
  const rows = workloads.map((workload) => {
    const { metadata, spec, status: seen } = workload;
    const own = pods.filter((pod) => componentOf(pod) === metadata.name);
    const restarts = own.reduce((sum, pod) => sum + restartsOf(pod), 0);
    const doing = isReady(workload) ? '' : own.map(describePod).join(', ') || 'no pod';
    return [metadata.name, `${seen.readyReplicas}/${spec.replicas}`, String(restarts), doing];
  });
  return formatTable([['COMPONENT', 'READY', 'RESTARTS', ''], ...rows]);
}

function claimTable(claims: Claims): string {
  const rows = claims.map(({ metadata, spec, status: seen }) => [
    metadata.name,
    seen.phase,
    seen.capacity?.storage ?? spec.resources.requests.storage,
  ]);
  return formatTable([['VOLUME CLAIM', 'PHASE', 'SIZE'], ...rows]);
}

export function notReadyMessage(snapshot: Snapshot, target: Target): string | undefined {
  const causes = snapshot.workloads
    .filter((workload) => !isReady(workload))
    .flatMap(({ metadata }) => workloadCause(metadata.name, snapshot, target) ?? []);
  if (causes.length === 0) return undefined;
  return causes.map(({ cause, next }) => `${cause}\n  next: ${next}`).join('\n');
}
