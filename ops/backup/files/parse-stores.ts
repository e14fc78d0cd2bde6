import { UserError } from '../../process/errors.ts';
import type { StoreName } from '../../stores/store.ts';
import { storeNames } from '../../stores/stores.ts';

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
