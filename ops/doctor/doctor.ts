import { kubectl, type Target } from '../cluster/kubectl.ts';
import { readLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { takeSnapshot } from '../cluster/workloads.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { say } from '../process/output.ts';
import { seconds } from '../process/seconds.ts';
import { connect } from './connect.ts';
import { examine } from './examine.ts';
import { examineInside } from './inside.ts';
import { expectedOf } from './model/expected.ts';
import { limits } from './model/plan.ts';
import type { Viewpoint } from './model/reach.ts';
import { type Report, report, reportText } from './report.ts';

export interface DoctorOptions {
  /** How long each hop may take, such as 15s. */
  readonly timeout: string;
  /** One JSON document in place of text. */
  readonly json?: boolean;
  /** From a pod of the cluster in place of this machine. */
  readonly inside?: boolean;
}

export const defaultTimeout = '15s';

/**
 * Sends a marked metric, log line and trace through the stack and says where they got to, together
 * with the state of all that is on their way.
 *
 * @throws UserError when anything failed, after it was printed
 */
export async function doctor(session: Session, options: DoctorOptions): Promise<void> {
  const from = options.inside ? 'inside' : 'outside';
  const result = await diagnoseStack(session, seconds('--timeout', options.timeout), from);
  say(options.json ? JSON.stringify(result, null, 2) : reportText(result));
  if (!result.healthy) throw new UserError(summary(result));
}

/** One line that names the first broken hop. */
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
  const look = from === 'inside' ? examineInside : examineOutside;
  const findings = await look(session, timeoutSeconds);
  // Afterwards, because pods may have come and gone meanwhile.
  const cluster = { target, from, snapshot: await takeSnapshot(target) };
  return report(findings, cluster, { start, end: Date.now() });
}

async function examineOutside({ target, settings }: Session, timeoutSeconds: number) {
  const [snapshot, login] = await Promise.all([
    takeSnapshot(target),
    readLogin(target).catch((error: unknown) => ({ error: messageOf(error) })),
  ]);
  const { connections, close } = await connect(target, settings, snapshot, timeoutSeconds);
  try {
    return await examine(
      { from: 'outside', connections, login, ...limits(timeoutSeconds) },
      expectedOf(settings),
    );
  } finally {
    await close();
  }
}

/** Where the cluster itself does not answer there is nothing to follow. */
function unreachable(target: Target, seen: string, start: number): Report {
  const finding = {
    area: 'endpoint',
    hop: 'Kubernetes API',
    suspects: [],
    status: 'failed',
    seen,
  } as const;
  return report([finding], { target, snapshot: { error: seen } }, { start, end: Date.now() });
}
