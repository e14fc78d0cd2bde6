import type { k8s } from 'cdk8s-plus-28';
import { caFile } from '../external-stores/files.ts';
import type { ConfigObject } from '../model/config-file.ts';
import type { ReplaceableService, StoreAccess } from '../model/topology-settings.ts';

/** The variable of Grafana with a credential of an external store. */
const variable = (store: string, what: 'token' | 'username' | 'password') =>
  `MANTIS_${store}_${what}`.toUpperCase();

/** The variables with the credentials of external stores, from their Secrets. */
export function accessVariables(
  stores: Partial<Record<ReplaceableService, StoreAccess>> = {},
): k8s.EnvVar[] {
  return Object.entries(stores).flatMap(([store, access]) => {
    const { secret, bearerTokenKey, usernameKey, passwordKey } = access?.credentials ?? {};
    const keys = { token: bearerTokenKey, username: usernameKey, password: passwordKey } as const;
    return Object.entries(keys).flatMap(([what, key]) =>
      key === undefined
        ? []
        : [
            {
              name: variable(store, what as keyof typeof keys),
              valueFrom: { secretKeyRef: { name: secret, key } },
            },
          ],
    );
  });
}

/**
 * A data source with the credentials, headers and certificate of an external store
 * (https://grafana.com/docs/grafana/latest/administration/provisioning/#custom-http-headers-for-data-sources).
 *
 * Variables are written without braces: what Grafana puts in the place of `${NAME}` or `$__file{path}`
 * it expands once more, so that a password with a `$` would lose a part (pkg/services/provisioning/values).
 */
export function withAccess(
  store: ReplaceableService,
  access: StoreAccess | undefined,
  datasource: ConfigObject & { readonly jsonData: ConfigObject },
): ConfigObject {
  if (access === undefined) return datasource;
  const { credentials, headers, ca } = access;
  const isBearer = credentials?.bearerTokenKey !== undefined;
  const isBasic = credentials !== undefined && !isBearer;
  const all = [
    ...Object.entries(headers).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]),
    ...(isBearer ? [['Authorization', `Bearer $${variable(store, 'token')}`]] : []),
  ];
  const numbered = (prefix: string, part: 0 | 1) =>
    Object.fromEntries(all.map((header, index) => [`${prefix}${index + 1}`, header[part]]));
  const secureJsonData = {
    ...numbered('httpHeaderValue', 1),
    ...(isBasic && { basicAuthPassword: `$${variable(store, 'password')}` }),
    ...(ca && { tlsCACert: `$__file{${caFile(ca)}}` }),
  };
  return {
    ...datasource,
    ...(isBasic && { basicAuth: true, basicAuthUser: `$${variable(store, 'username')}` }),
    jsonData: {
      ...datasource.jsonData,
      ...numbered('httpHeaderName', 0),
      ...(ca && { tlsAuthWithCACert: true }),
    },
    ...(Object.keys(secureJsonData).length > 0 && { secureJsonData }),
  };
}
