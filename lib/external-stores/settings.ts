import { z } from 'zod';
import { asWritten } from '../settings/as-written.ts';
import { mountedName } from '../settings/common.ts';
import { plainCredentials } from '../settings/credentials.ts';
import { allowedPeers } from '../settings/networks.ts';
import { cidr, dnsLabel, text, urlText } from '../settings/units.ts';

/** A host with a dot: a bare name would be a Service in the namespace of the stack itself. */
const storeUrl = urlText(
  /^https?:\/\/(\[[\da-fA-F:]+\]|[\w-]+(\.[\w-]+)+)(:(?!0+(?:\/|$))\d{1,5})?(\/[^\s?#]*[^\s?#/])?$/,
  'a URL such as https://loki.example.com or http://loki.stores.svc:3100, without a slash at its end and without credentials',
);

const key = text(/^[\w.-]+$/, 'a key: letters, digits, -, _ and .');

const credentials = z
  .strictObject({
    secret: mountedName.describe('Name of an existing Secret'),
    bearerTokenKey: key.optional().describe('Its key with a bearer token'),
    usernameKey: key.optional().describe('Its key with the user name for basic authentication'),
    passwordKey: key.optional().describe('Its key with the password for basic authentication'),
  })
  .refine(
    ({ bearerTokenKey, usernameKey, passwordKey }) =>
      bearerTokenKey === undefined
        ? usernameKey !== undefined && passwordKey !== undefined
        : usernameKey === undefined && passwordKey === undefined,
    'either bearerTokenKey, or both usernameKey and passwordKey',
  );

const ca = z
  .strictObject({
    configMap: mountedName.optional().describe('Name of an existing ConfigMap'),
    secret: mountedName.optional().describe('Name of an existing Secret, instead of a ConfigMap'),
    key: key.default('ca.crt').describe('Its key with the certificate in PEM format'),
  })
  .refine(
    ({ configMap, secret }) => (configMap === undefined) !== (secret === undefined),
    'either configMap or secret',
  );

const portNumber = 'a port number';

const egress = z
  .array(
    z
      .strictObject({
        namespace: dnsLabel.optional(),
        cidr: cidr.optional(),
        port: z.int(portNumber).min(1, portNumber).max(65535, portNumber),
      })
      .refine(
        (each) => each.namespace === undefined || each.cidr === undefined,
        'either namespace or cidr',
      ),
  )
  .default([]);

interface Store {
  readonly title: string;
  /** The path of its OTLP endpoint. @default - it has another host or port, which has to be set */
  readonly otlpPath?: string;
  /** What it may send to the stack. */
  readonly sends: string;
}

/**
 * A store outside the stack in the place of the one that Mantis deploys; the same settings for each.
 */
export const externalStore = ({ title, otlpPath, sends }: Store) =>
  z
    .strictObject({
      url: storeUrl.describe(
        `URL of the API of a ${title} that is there already. With it Mantis deploys no ${title} of its own`,
      ),
      writeUrl: storeUrl
        .optional()
        .describe(
          `URL to which the collector sends by OTLP over HTTP, without /v1/…${otlpPath === undefined ? ', such as http://tempo.stores.svc:4318; required' : `. Unset: ${otlpPath} below its url`}`,
        ),
      credentials: credentials
        .optional()
        .describe(
          'Login of the collector and of Grafana: an object with `secret`, the name of an existing Secret, and `bearerTokenKey`, or `usernameKey` and `passwordKey`. Unset: none',
        ),
      headers: z
        .record(
          text(/^[\w-]+$/, 'the name of a header'),
          text(/^[^\r\n]+$/, 'the value of a header'),
        )
        .check(({ value, issues }) => {
          for (const path of plainCredentials(value, undefined)) {
            const message = 'no credential in plain text: credentials';
            issues.push({ code: 'custom', input: '(hidden)', path: [...path], message });
          }
        })
        .default({})
        .describe('Headers of each request, such as `X-Scope-OrgID` with the name of a tenant'),
      ca: ca
        .optional()
        .describe(
          "Certificate of the store's authority: an object with `configMap` or `secret`, the name of an existing one, and `key`. Unset: the authorities of the images",
        ),
      egress: egress.describe(
        'Where the pods of the store are, for the NetworkPolicies of the collector and Grafana: a list of `port`, the number of the pods, with `namespace` or `cidr`. Unset: derived from the URLs, the namespace of a host such as loki.stores.svc, or any address at the port',
      ),
      allowedWriters: allowedPeers
        .optional()
        .describe(
          `Who may send ${sends}: \`namespaces\`, \`labels\` (of namespaces) and \`cidrs\`. Unset: nobody`,
        ),
    })
    .check(({ value, issues }) => {
      if (value.writeUrl !== undefined || otlpPath !== undefined) return;
      const message = 'the URL of its OTLP receiver, such as http://tempo.stores.svc:4318';
      issues.push({ code: 'custom', input: undefined, path: ['writeUrl'], message });
    })
    .transform(({ writeUrl, ...rest }) => ({
      ...rest,
      writeUrl: writeUrl ?? `${rest.url}${otlpPath}`,
    }))
    .optional();

/** Settings that keep their meaning: rules are written to files for the store. */
const alsoExternal = ['external', 'rules'];

/**
 * Refuses other settings of a store that is external. One with its default value says nothing, so it
 * is not refused.
 */
export function refuseBesideExternal<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  name: string,
): z.core.CheckFn<{ readonly external?: unknown }> {
  return ({ value, issues }) => {
    if (value.external === undefined) return;
    for (const [key, each] of Object.entries(value)) {
      const standard = (schema.shape[key] as z.ZodType | undefined)?.safeParse(undefined).data;
      if (alsoExternal.includes(key) || written(each) === written(standard)) continue;
      const message = `no such setting beside ${name}.external, with which no ${name} is deployed`;
      issues.push({ code: 'custom', input: each, path: [key], message });
    }
  };
}

const written = (value: unknown) => JSON.stringify(asWritten(value));
