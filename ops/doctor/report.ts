import { formatTable } from '../process/output.ts';
import { type ClusterState, diagnose } from './diagnose.ts';
import { type Finding, failedFindings } from './model/finding.ts';

export function createReport(
  findings: readonly Finding[],
  cluster: ClusterState,
  { start, end }: { readonly start: number; readonly end: number },
) {
  const { context, namespace } = cluster.target;
  const broken = failedFindings(findings).map((finding) => {
    const { area, hop, seen } = finding;
    return { area, hop, seen, ...diagnose(finding, cluster) };
  });
  return {
    healthy: broken.length === 0,
    from: cluster.from ?? 'outside',
    context,
    namespace,
    at: new Date(start).toISOString(),
    seconds: Math.round((end - start) / 100) / 10,
    /** The failed checks in the order of the pipeline, each with its cause and the next command. */
    broken,
    /** All checks; a warning has its likely cause. */
    checks: findings.map(({ area, hop, status, seen, cause }) => ({
      area,
      hop,
      status,
      seen,
      ...(status === 'warning' && { cause }),
    })),
  };
}

export type Report = ReturnType<typeof createReport>;

export function reportText({ from, context, namespace, seconds, checks, broken }: Report): string {
  const labels = {
    ok: 'ok',
    warning: 'warning',
    failed: 'FAILED',
    unknown: 'unknown',
    skipped: '-',
  };
  const rows = checks.map(({ area, hop, status, seen }) => [
    area,
    hop,
    labels[status],
    short(seen),
  ]);
  const count = (status: string) => checks.filter((check) => check.status === status).length;
  const others = (['warning', 'unknown', 'skipped'] as const)
    .map((status) => `, ${count(status)} ${status}`)
    .join('');
  return [
    `namespace ${namespace} of context ${context}, seen from ${from === 'inside' ? 'a pod of it' : 'this machine'}\n`,
    formatTable([['AREA', 'CHECK', 'STATUS', 'SEEN'], ...rows]),
    '',
    ...groupByCause(broken).flatMap(causeLines),
    ...checks.flatMap(warningLines),
    `${broken.length === 0 ? 'all is well' : `${broken.length} of ${checks.length} checks failed`}: ${count('ok')} ok${others} (${seconds} s)`,
  ].join('\n');
}

/** Groups failed checks by cause: each cause is printed once, with the message of the first check. */
function groupByCause(broken: Report['broken']): (readonly Report['broken'][number][])[] {
  const groups = new Map<string, Report['broken'][number][]>();
  for (const each of broken) {
    const key = `${each.cause}\n${each.next}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function causeLines([first, ...others]: readonly Report['broken'][number][]): string[] {
  if (first === undefined) return [];
  const name = ({ area, hop }: { area: string; hop: string }) => `${area}: ${hop}`;
  return [
    `BROKEN  ${name(first)}`,
    ...others.map((each) => `        ${name(each)}`),
    `  seen  ${indented(first.seen)}`,
    `  cause ${indented(first.cause)}`,
    `  next  ${indented(first.next)}`,
    '',
  ];
}

function warningLines({ area, hop, seen, cause }: Report['checks'][number]): string[] {
  if (cause === undefined) return [];
  return [`WARNING ${area}: ${hop}`, `  seen  ${indented(seen)}`, `  cause ${indented(cause)}`, ''];
}

function indented(text: string): string {
  return text.trim().replaceAll(/\n\s*/g, '\n        ');
}

/** Shortens a message to one line of the table; failed checks are printed in full below it. */
function short(seen: string): string {
  const line = seen.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
