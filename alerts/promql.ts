import type { Duration } from 'cdk8s';
import { written } from '../lib/settings/units.ts';

/**
 * By how much a counter rose. One that did not exist before counts too: many counters of failures
 * begin with the first failure, which `increase` alone would not see.
 */
export function increased(selector: string, window: Duration): string {
  const range = written(window);
  return `(increase(${selector}[${range}]) > 0 or (${selector} > 0 unless ${selector} offset ${range}))`;
}

/** Queries side by side, told apart by a label that each gets. */
export function anyOf(label: string, queries: Readonly<Record<string, string>>): string {
  return Object.entries(queries)
    .map(([value, query]) => `label_replace(${query}, "${label}", "${value}", "", "")`)
    .join(' or ');
}

/** The same label under another name. */
export function renamed(query: string, from: string, to: string): string {
  return `label_replace(${query}, "${to}", "$1", "${from}", "(.+)")`;
}
