import { z } from 'zod';
import type { ConfigObject } from '../model/config-file.ts';
import { datasourceUids } from '../model/uids.ts';
import { type CheckedFile, checkFile, firstUsers, notAMap } from '../own-files/check-file.ts';
import type { OwnFile } from '../own-files/own-files.ts';
import { grafanaUid, text } from '../settings/units.ts';
import { datasourceNames } from './datasources.ts';

/** The keys of https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources. */
const datasource = z.strictObject(
  {
    name: text(/\S/, 'a name'),
    uid: grafanaUid,
    type: text(/\S/, 'the id of a data source plugin, such as postgres'),
    access: z.enum(['proxy', 'direct'], 'proxy or direct').optional(),
    orgId: z.int('a number').optional(),
    url: z.string('a string').optional(),
    user: z.string('a string').optional(),
    database: z.string('a string').optional(),
    basicAuth: z.boolean('true or false').optional(),
    basicAuthUser: z.string('a string').optional(),
    withCredentials: z.boolean('true or false').optional(),
    isDefault: z.literal(false, 'false: Prometheus is the default').optional(),
    version: z.int('a number').optional(),
    editable: z.boolean('true or false').optional(),
    jsonData: z.record(z.string(), z.unknown(), 'a map').optional(),
    secureJsonData: z.record(z.string(), z.string('a string'), 'a map').optional(),
    correlations: z.array(z.unknown(), 'a list').optional(),
  },
  { error: notAMap },
);

const schema = z.strictObject(
  {
    apiVersion: z.literal(1, '1').optional(),
    datasources: z.array(datasource, 'a list of data sources'),
  },
  { error: notAMap },
);

type Checked = CheckedFile<z.output<typeof schema>>;

export interface OwnDatasources {
  readonly datasources: readonly ConfigObject[];
  readonly sources: readonly string[];
  readonly mistakes: readonly string[];
}

export interface OwnDatasourceOptions {
  /** `grafana.secret`, whose keys are environment variables of Grafana. @default - none */
  readonly secret?: string;
  /** Whether NetworkPolicies deny Grafana every destination outside the stack. @default false */
  readonly isolated?: boolean;
}

/** The user's data sources, and the mistakes in them. */
export function ownDatasources(
  files: readonly OwnFile[],
  { secret, isolated = false }: OwnDatasourceOptions,
): OwnDatasources {
  const checked = files.map((file) => checkFile(file, schema));
  return {
    datasources: checked.flatMap(({ value }) => value?.datasources ?? []),
    sources: files.map(({ path }) => path),
    mistakes: [
      ...checked.flatMap(({ mistakes }) => mistakes),
      ...repeated(checked, 'uid', Object.values(datasourceUids)),
      ...repeated(checked, 'name', Object.values(datasourceNames)),
      ...checked.flatMap((file) => secretMistakes(file, secret)),
      ...(isolated ? checked.flatMap(egressMistakes) : []),
    ],
  };
}

function repeated(
  files: readonly Checked[],
  key: 'name' | 'uid',
  ownValues: readonly string[],
): string[] {
  const otherUser = firstUsers(ownValues);
  return files.flatMap(({ file, value, mistake }) =>
    (value?.datasources ?? []).flatMap((each, index) => {
      const other = otherUser(each[key], file);
      const message = `${key}: got "${each[key]}", wanted another one, because ${other} has it`;
      return other === undefined ? [] : [mistake(['datasources', index, key], message)];
    }),
  );
}

/** Addresses to which no NetworkPolicy lets Grafana connect. */
function egressMistakes({ value, mistake }: Checked): string[] {
  return (value?.datasources ?? []).flatMap(({ url }, index) => {
    const [, host = ''] = /^(?:\w+:\/\/)?([^.:/]*)/.exec(url ?? '') ?? [];
    if (url === undefined || Object.hasOwn(datasourceUids, host)) return [];
    const message =
      'wanted its port in grafana.egress, such as [{ port: 5432 }]: NetworkPolicies deny Grafana all others';
    return [mistake(['datasources', index, 'url'], `url: ${message}`)];
  });
}

/** Keys of jsonData whose strings are secrets, whatever the plugin. */
const secretKey =
  /(password|passwd|secret|secretkey|token|api_?key|accesskey|privatekey)$|^httpHeaderValue/i;

/** The variable in a value, which Grafana replaces; `$$` is a dollar. */
const variable = /(?:^|[^$])(?:\$\$)*\$\{?([A-Za-z_]\w*)/;

const urlWithPassword = /^\w+:\/\/[^/@]*:[^/@]*@/;

/** Plain text where a secret belongs, and variables without the Secret that has them. */
function secretMistakes({ value, mistake }: Checked, secret: string | undefined): string[] {
  return (value?.datasources ?? []).flatMap((each, index) => {
    const { url = '', jsonData = {}, secureJsonData = {} } = each;
    const at = (path: readonly string[], message: string) =>
      mistake(['datasources', index, ...path], `${path.join('.')}: ${message}`);
    const plain = Object.keys(jsonData)
      .filter((key) => secretKey.test(key) && typeof jsonData[key] === 'string')
      .map((key) => at(['jsonData', key], 'belongs in secureJsonData, which Grafana encrypts'));
    const secure = Object.entries(secureJsonData).flatMap(([key, text]) => {
      const [, name] = variable.exec(text) ?? [];
      if (name !== undefined && secret !== undefined) return [];
      const wanted =
        name === undefined
          ? 'not the secret itself, but $NAME, for the key NAME of the Secret that grafana.secret names'
          : `grafana.secret, the name of the Secret with the key ${name}`;
      return [at(['secureJsonData', key], `wanted ${wanted}`)];
    });
    return [
      ...(urlWithPassword.test(url) ? [at(['url'], 'wanted a URL without a password')] : []),
      ...plain,
      ...secure,
    ];
  });
}

/** The keys of the Secret `grafana.secret` that the user's data sources use. */
export function datasourceSecretKeys(files: readonly OwnFile[]): string[] {
  const values = files.flatMap((file) =>
    (checkFile(file, schema).value?.datasources ?? []).flatMap(({ secureJsonData = {} }) =>
      Object.values(secureJsonData),
    ),
  );
  return values.flatMap((text) => variable.exec(text)?.[1] ?? []);
}
