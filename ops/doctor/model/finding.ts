import type { ServiceName } from '../../../lib/model/ports.ts';
import { messageOf } from '../../process/errors.ts';

/**
 * `unknown` could not be determined; `skipped` was not checked, for example because an earlier hop
 * failed. Only `failed` makes the doctor exit with 1.
 */
export const statuses = ['ok', 'warning', 'failed', 'unknown', 'skipped'] as const;
type CheckStatus = (typeof statuses)[number];

export const areas = ['endpoint', 'metrics', 'logs', 'traces', 'grafana', 'stack'] as const;

export interface CheckSubject {
  readonly area: (typeof areas)[number];
  /** The name of the check; a hop is written `otel-collector → loki`. */
  readonly hop: string;
  /** Services that may have caused a failure, the likeliest first. */
  readonly suspects: readonly ServiceName[];
  /** The likely cause if all suspects run. */
  readonly cause?: string;
}

export interface Finding extends CheckSubject {
  readonly status: CheckStatus;
  readonly seen: string;
  /** Whether the check found out that the cause is this one. @default - it is likely */
  readonly certain?: boolean;
}

export type CheckResult =
  | string
  | {
      readonly status: CheckStatus;
      readonly seen: string;
      /** Replaces the cause of the subject. */
      readonly cause?: string;
      readonly certain?: boolean;
    };

/** Runs one check: a returned text is `ok`, a thrown error is `failed`. */
export async function runCheck(
  subject: CheckSubject,
  check: () => Promise<CheckResult>,
): Promise<Finding> {
  try {
    const result = await check();
    return typeof result === 'string'
      ? { ...subject, status: 'ok', seen: result }
      : { ...subject, ...result };
  } catch (error) {
    return { ...subject, status: 'failed', seen: messageOf(error) };
  }
}

export function skippedFinding(subject: CheckSubject, why: string): Finding {
  return { ...subject, status: 'skipped', seen: why };
}

export function failedFindings(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ status }) => status === 'failed');
}
