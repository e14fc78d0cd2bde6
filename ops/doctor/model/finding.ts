import type { Component } from '../../../lib/model/topology.ts';
import { messageOf } from '../../process/errors.ts';

/**
 * `warning` is worth knowing and breaks nothing now; `unknown` could not be found out; `skipped`
 * lies behind a hop that is broken. Only `failed` makes the doctor fail.
 */
export const statuses = ['ok', 'warning', 'failed', 'unknown', 'skipped'] as const;
export type Status = (typeof statuses)[number];

export const areas = ['endpoint', 'metrics', 'logs', 'traces', 'grafana', 'stack'] as const;

/** What is looked at. */
export interface Subject {
  readonly area: (typeof areas)[number];
  /** In words: a hop as `otel-collector → loki`. */
  readonly hop: string;
  /** Who may be to blame if it fails, the likeliest first. */
  readonly suspects: readonly Component[];
  /** The likely cause if all suspects run. */
  readonly cause?: string;
}

/** What was found there. */
export interface Finding extends Subject {
  readonly status: Status;
  readonly seen: string;
}

export type Verdict = string | { readonly status: Status; readonly seen: string };

/** Looks at one thing: a text is good news, anything thrown is bad news. */
export async function examined(subject: Subject, look: () => Promise<Verdict>): Promise<Finding> {
  try {
    const verdict = await look();
    return typeof verdict === 'string'
      ? { ...subject, status: 'ok', seen: verdict }
      : { ...subject, ...verdict };
  } catch (error) {
    return { ...subject, status: 'failed', seen: messageOf(error) };
  }
}

/** A thing that was not looked at. */
export function skipped(subject: Subject, why: string): Finding {
  return { ...subject, status: 'skipped', seen: why };
}

export function failures(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ status }) => status === 'failed');
}
