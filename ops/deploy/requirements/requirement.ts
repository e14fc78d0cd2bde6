import { table } from '../../process/output.ts';

/** Something that a cluster or this machine has to have before anything is applied. */
export interface Requirement {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly seen: string;
  /** What to do about it. */
  readonly todo?: string;
}

export const ok = (name: string, seen: string): Requirement => ({ name, status: 'ok', seen });

export const warning = (name: string, seen: string, todo: string): Requirement => ({
  name,
  status: 'warning',
  seen,
  todo,
});

export const failed = (name: string, seen: string, todo: string): Requirement => ({
  name,
  status: 'failed',
  seen,
  todo,
});

export function requirementTable(requirements: readonly Requirement[]): string {
  const marks = { ok: 'ok', warning: 'warning', failed: 'FAILED' };
  return table(requirements.map(({ name, status, seen }) => [name, marks[status], short(seen)]));
}

/** What keeps a deployment from being tried, each with the way out; nothing if all is there. */
export function refusal(requirements: readonly Requirement[]): string | undefined {
  const bad = requirements.filter(({ status }) => status === 'failed');
  if (bad.length === 0) return undefined;
  return bad.map(({ name, seen, todo }) => `${name}: ${seen}\n  ${todo}`).join('\n');
}

/** One line of the table; where something is missing, the whole is below it. */
function short(seen: string): string {
  return seen.length > 100 ? `${seen.slice(0, 99)}…` : seen;
}
