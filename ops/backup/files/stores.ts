import type { StoreName } from '../../../lib/jobs/volume-helper.ts';
import { UserError } from '../../process/errors.ts';

export type { StoreName };

/**
 * What is backed up. In this order: Grafana and Alertmanager are small, and Prometheus comes last
 * because Loki and Tempo write to it.
 */
export const storeNames = [
  'alertmanager',
  'grafana',
  'loki',
  'tempo',
  'prometheus',
] as const satisfies readonly StoreName[];

/** The stores that a list such as `loki,tempo` names, each once, in our order. */
export function chosenStores(only: string | undefined): StoreName[] {
  if (only === undefined) return [...storeNames];
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !storeNames.some((store) => store === name));
  if (unknown.length === 0) return storeNames.filter((store) => wanted.includes(store));
  throw new UserError(
    `--only: no such store: "${unknown.join('", "')}"; there are ${storeNames.join(', ')}`,
  );
}
