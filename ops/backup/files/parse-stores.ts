import { externalStoreOf } from '../../../lib/model/external-store.ts';
import type { ExternalStores } from '../../../lib/model/topology-settings.ts';
import { UserError } from '../../process/errors.ts';
import { print } from '../../process/output.ts';
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

/** The stores whose volumes are in the cluster; prints a line for each of the others. */
export function deployedStores(
  stores: readonly StoreName[],
  settings: ExternalStores,
): StoreName[] {
  const isExternal = (store: StoreName) => externalStoreOf(store, settings) !== undefined;
  const deployed = stores.filter((store) => !isExternal(store));
  const external = stores.filter(isExternal);
  if (deployed.length === 0) {
    throw new UserError(`${external.join(', ')}: external, so that there is nothing to do here`);
  }
  for (const store of external) print(`  ${store.padEnd(14)} is external: left out`);
  return deployed;
}
