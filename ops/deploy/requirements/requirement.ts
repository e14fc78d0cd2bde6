import { formatTable } from '../../process/output.ts';

/** Something that the cluster has to have before anything is applied, and whether it has. */
export interface Requirement {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly seen: string;
  readonly todo?: string;
}

export const ok = (name: string, seen: string): Requirement => ({ name, status: 'ok', seen });

const unmet =
  (status: 'warning' | 'failed') =>
  (name: string, seen: string, todo: string): Requirement => ({ name, status, seen, todo });

export const warning = unmet('warning');
export const failed = unmet('failed');

export function requirementTable(requirements: readonly Requirement[]): string {
  const marks = { ok: 'ok', warning: 'warning', failed: 'FAILED' };
  return formatTable(
    requirements.map(({ name, status, seen }) => [name, marks[status], truncate(seen)]),
  );
}

export function describeUnmet(requirements: readonly Requirement[]): string | undefined {
  const all = requirements.filter(({ status }) => status === 'failed');
  if (all.length === 0) return undefined;
  return all.map(({ name, seen, todo }) => `${name}: ${seen}\n  ${todo}`).join('\n');
}

/** Truncates a cell of the table; a failed requirement is printed in full below it. */
function truncate(seen: string): string {
  return seen.length > 100 ? `${seen.slice(0, 99)}…` : seen;
}
