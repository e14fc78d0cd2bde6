import { kubectl, type Target } from '../cluster/kubectl.ts';
import { readAdminLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { takeSnapshot } from '../cluster/workloads.ts';
import { parseSeconds } from '../process/duration.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { print } from '../process/output.ts';
import { runChecksInJob } from './doctor-job.ts';
import { externalAccess, type Viewpoint } from './model/access.ts';
import { expectedStack, timeouts } from './model/doctor-plan.ts';
import { connect } from './open-connections.ts';
import { createReport, type Report, reportText } from './report.ts';
import { runChecks } from './run-checks.ts';

interface DoctorCommandOptions {
  /** The limit of each check, such as 15s. */
  readonly timeout: string;
  /** Prints one JSON document instead of text. */
  readonly json?: boolean;
  /** Runs the checks in a pod of the cluster instead of on this machine. */
  readonly inside?: boolean;
}

export const defaultTimeout = '15s';

/**
 * Sends a metric, a log line and a trace through the stack, reports how far each got, and checks the
 * state of every service.
 *
 * @throws UserError after the report if a check failed
 */
export async function doctor(session: Session, options: DoctorCommandOptions): Promise<void> {
  const from = options.inside ? 'inside' : 'outside';
  const result = await diagnoseStack(session, parseSeconds('--timeout', options.timeout), from);
  print(options.json ? JSON.stringify(result, null, 2) : reportText(result));
  if (!result.healthy) throw new UserError(summary(result));
}

export function summary({ broken: [first] }: Report): string {
  return first === undefined
    ? 'all is well'
    : `broken: ${first.area}: ${first.hop}: ${first.cause}`;
}

export async function diagnoseStack(
  session: Session,
  timeoutSeconds: number,
  from: Viewpoint = 'outside',
): Promise<Report> {
  const { target } = session;
  const start = Date.now();
  try {
    await kubectl(target, ['version', '--output=json']);
  } catch (error) {
    return unreachable(target, messageOf(error), start);
  }
  const run = from === 'inside' ? runChecksInJob : runChecksFromHere;
  const findings = await run(session, timeoutSeconds);
  // After the checks, because pods may have changed during them.
  const cluster = { target, from, snapshot: await takeSnapshot(target) };
  return createReport(findings, cluster, { start, end: Date.now() });
}

async function runChecksFromHere({ target, settings }: Session, timeoutSeconds: number) {
  const [snapshot, login] = await Promise.all([
    takeSnapshot(target),
    readAdminLogin(target).catch((error: unknown) => ({ error: messageOf(error) })),
  ]);
  const { connections, close } = await connect(target, settings, snapshot, timeoutSeconds);
  try {
    return await runChecks(
      {
        from: 'outside',
        connections,
        externalStores: externalAccess(settings),
        grafanaLogin: login,
        ...timeouts(timeoutSeconds),
      },
      expectedStack(settings),
    );
  } finally {
    await close();
  }
}

/** The report when the Kubernetes API does not answer: nothing else can be checked. */
function unreachable(target: Target, seen: string, start: number): Report {
  const finding = {
    area: 'endpoint',
    hop: 'Kubernetes API',
    suspects: [],
    status: 'failed',
    seen,
  } as const;
  return createReport([finding], { target, snapshot: { error: seen } }, { start, end: Date.now() });
}
