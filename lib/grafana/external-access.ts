import { caFile, secretFile } from '../external-stores/files.ts';
import type { ConfigObject } from '../model/config-file.ts';
import type { ExternalAccess } from '../model/topology-settings.ts';

/** Grafana replaces it by the content of the file when it reads its provisioning files. */
const fromFile = (path: string) => `$__file{${path}}`;

/**
 * A data source with the credentials, headers and certificate of an external store
 * (https://grafana.com/docs/grafana/latest/administration/provisioning/#custom-http-headers-for-data-sources).
 */
export function withAccess(
  access: ExternalAccess | undefined,
  datasource: ConfigObject & { readonly jsonData: ConfigObject },
): ConfigObject {
  if (access === undefined) return datasource;
  const { credentials, headers, ca } = access;
  const { secret = '', bearerTokenKey, usernameKey = '', passwordKey = '' } = credentials ?? {};
  const all = [
    // `$` begins a variable.
    ...Object.entries(headers).map(([name, value]) => ({
      name,
      value: value.replaceAll('$', '$$$$'),
    })),
    ...(bearerTokenKey === undefined
      ? []
      : [
          {
            name: 'Authorization',
            value: `Bearer ${fromFile(secretFile(secret, bearerTokenKey))}`,
          },
        ]),
  ];
  const isBasic = credentials !== undefined && bearerTokenKey === undefined;
  const numbered = (prefix: string, of: 'name' | 'value') =>
    Object.fromEntries(all.map((header, index) => [`${prefix}${index + 1}`, header[of]]));
  const secureJsonData = {
    ...numbered('httpHeaderValue', 'value'),
    ...(isBasic && { basicAuthPassword: fromFile(secretFile(secret, passwordKey)) }),
    ...(ca && { tlsCACert: fromFile(caFile(ca)) }),
  };
  return {
    ...datasource,
    ...(isBasic && { basicAuth: true, basicAuthUser: fromFile(secretFile(secret, usernameKey)) }),
    jsonData: {
      ...datasource.jsonData,
      ...numbered('httpHeaderName', 'name'),
      ...(ca && { tlsAuthWithCACert: true }),
    },
    ...(Object.keys(secureJsonData).length > 0 && { secureJsonData }),
  };
}
