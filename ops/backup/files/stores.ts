import type { StoreName } from '../../../lib/jobs/volume-helper.ts';
import { UserError } from '../../process/errors.ts';

export type { StoreName };

/**
 * The stores in the order in which they are backed up: the small ones first, Prometheus last because
 * Loki and Tempo write to it.
 */
export const storeNames = [
  'alertmanager',
  'grafana',
  'loki',
  'tempo',
  'prometheus',
] as const satisfies readonly StoreName[];

/** Parses a list such as `loki,tempo`; gives each store once, in the order of `storeNames`. */
export function parseStores(only: string | undefined): StoreName[] {
  if (only === undefined) return [...storeNames];
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !storeNames.some((store) => store === name));
  if (unknown.length === 0) return storeNames.filter((store) => wanted.includes(store));
  throw new UserError(
    `--only: no such store: "${unknown.join('", "')}"; there are ${storeNames.join(', ')}`,
  );
}
