import type { CaCertificate, StoreAccess } from '../model/topology-settings.ts';
import { mountDirectories, secretFile, withSecret } from '../settings/common.ts';

/** Credentials and certificates of external stores in mounted files. */

export function caFile({ secret, configMap, key }: CaCertificate): string {
  return secret === undefined
    ? `${mountDirectories.configMaps}/${configMap}/${key}`
    : secretFile(secret, key);
}

interface Mounts {
  readonly mountedSecrets: readonly string[];
  readonly mountedConfigMaps: readonly string[];
}

/**
 * What a component mounts, with what it needs for external stores.
 *
 * @param what `all`, or only the certificates of authorities
 */
export function withAccessFiles(
  mounts: Mounts,
  externalStores: Readonly<Record<string, StoreAccess | undefined>> | undefined,
  what: 'all' | 'authorities',
): Mounts {
  const stores = Object.values(externalStores ?? {}).filter((each) => each !== undefined);
  const secrets = stores.flatMap(({ credentials, ca }) => [
    ...(credentials === undefined || what === 'authorities' ? [] : [credentials.secret]),
    ...(ca?.secret === undefined ? [] : [ca.secret]),
  ]);
  const configMaps = stores.flatMap(({ ca }) =>
    ca?.configMap === undefined ? [] : [ca.configMap],
  );
  return {
    ...withSecret(mounts, ...secrets),
    mountedConfigMaps: [...new Set([...mounts.mountedConfigMaps, ...configMaps])],
  };
}

/** The keys of a Secret that an external store's settings name, by the Secret. */
export function secretKeysOf({ credentials, ca }: StoreAccess): {
  readonly secret: string;
  readonly keys: readonly string[];
}[] {
  const { bearerTokenKey, usernameKey, passwordKey } = credentials ?? {};
  const keys = [bearerTokenKey, usernameKey, passwordKey].flatMap((key) => key ?? []);
  return [
    ...(credentials === undefined ? [] : [{ secret: credentials.secret, keys }]),
    ...(ca?.secret === undefined ? [] : [{ secret: ca.secret, keys: [ca.key] }]),
  ];
}
