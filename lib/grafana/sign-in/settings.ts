import { z } from 'zod';
import { mountedName } from '../../settings/common.ts';
import { dnsName, text, urlText } from '../../settings/units.ts';

/** Signing in at an identity provider (https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/generic-oauth/). */

/** The key of `grafana.secret` with the secret of the client. */
export const clientSecretKey = 'GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET';

/** The key of `grafana.oidc.caSecret`. */
export const caKey = 'ca.crt';

const providerUrl = urlText(
  /^https?:\/\/[^\s/?#@]+(\/[^\s#]*)?$/,
  'a URL of the provider, such as https://login.example.com/authorize',
);

/** What could end the quoted name of a group in an expression, or be a variable of Grafana. */
const group = text(/^[^'\\$`]+$/, "the name of a group, without ', \\, $ and `");

const groups = z.array(group).default([]);

const roles = z
  .strictObject({
    admin: groups.describe('Groups whose members are Admin'),
    editor: groups.describe('Groups whose members are Editor'),
    viewer: z
      .union([z.literal('all'), groups], 'a list of groups, or all')
      .describe(
        'Groups whose members are Viewer, or `all`: everyone else whom the provider signs in',
      ),
  })
  .refine(
    ({ admin, editor, viewer }) => [admin, editor, viewer].some(({ length }) => length > 0),
    'at least one group in admin, editor or viewer',
  );

export const oidcSettings = z
  .strictObject({
    name: text(/^[^$]+$/, 'a name')
      .default('OpenID Connect')
      .describe('Name of the identity provider on the button of the login page'),
    clientId: text(/^[^\s$]+$/, 'the id of the client').describe(
      'Id of the client at the identity provider. With it, people sign in there; the secret of the client is the key ' +
        `${clientSecretKey} of grafana.secret, and its redirect URI grafana.url with /login/generic_oauth`,
    ),
    authUrl: providerUrl.describe(
      'URL at which people sign in, the authorization_endpoint of the provider',
    ),
    tokenUrl: providerUrl.describe(
      'URL at which Grafana gets tokens, the token_endpoint of the provider',
    ),
    apiUrl: providerUrl.describe(
      'URL at which Grafana asks who somebody is, the userinfo_endpoint of the provider',
    ),
    scopes: z
      .array(text(/^[^\s$]+$/, 'a scope'))
      .default(['openid', 'profile', 'email'])
      .describe('Scopes that are asked for; some providers have one for groups'),
    groupsClaim: text(/^[^\s'`$\\]+$/, 'the name of a claim, such as groups or realm_access.roles')
      .default('groups')
      .describe('Claim with the list of groups; a dot leads into an object'),
    roles: roles
      .optional()
      .describe('Who gets which role: `admin`, `editor` and `viewer` list groups'),
    roleAttributePath: text(/^[^$]+$/, 'a JMESPath expression')
      .optional()
      .describe(
        'JMESPath expression of the role, Admin, Editor or Viewer, instead of `roles`; whoever has none is refused',
      ),
    allowedDomains: z
      .array(dnsName)
      .default([])
      .describe('Domains of e-mail addresses that may sign in. Unset: all'),
    autoLogin: z
      .boolean('true or false')
      .default(false)
      .describe(
        'Lead everyone to the provider at once; `/login?disableAutoLogin` remains for the administrator',
      ),
    pkce: z
      .boolean('true or false')
      .default(true)
      .describe('Proof Key for Code Exchange (PKCE); switch off if the provider has none'),
    caSecret: mountedName
      .optional()
      .describe(
        `Name of an existing Secret whose key ${caKey} has the CA certificate of the provider. Unset: public ones`,
      ),
  })
  .check(({ value, issues }) => {
    const { roles: mapped, roleAttributePath: expression } = value;
    if ((mapped === undefined) !== (expression === undefined)) return;
    const message =
      mapped === undefined
        ? 'who is admin, editor and viewer, such as { admin: [platform], viewer: all }, or roleAttributePath'
        : 'roles or roleAttributePath, not both';
    issues.push({ code: 'custom', input: mapped, path: ['roles'], message });
  });

export type OidcSettings = z.output<typeof oidcSettings>;

/** Refuses a provider without the Secret that its client's secret is in. */
export const requireClientSecret: z.core.CheckFn<{
  readonly oidc?: OidcSettings;
  readonly secret?: string;
}> = ({ value: { oidc, secret }, issues }) => {
  if (oidc === undefined || secret !== undefined) return;
  const message = `the name of the Secret with the key ${clientSecretKey}`;
  issues.push({ code: 'custom', input: undefined, path: ['secret'], message });
};

/** The ports at which Grafana itself connects to the provider; the browser opens authUrl. */
export function providerPorts({ tokenUrl, apiUrl }: OidcSettings): number[] {
  // Others are mistakes that are reported already.
  const urls = [tokenUrl, apiUrl].filter((url) => URL.canParse(url));
  const ports = urls.map((url) => {
    const { port, protocol } = new URL(url);
    return Number(port || (protocol === 'https:' ? 443 : 80));
  });
  return [...new Set(ports)];
}
