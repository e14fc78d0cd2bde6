import { sourceFile } from '../../model/source.ts';
import { secretFile } from '../../settings/common.ts';
import { caKey, type OidcSettings } from './settings.ts';

export const signInSource = sourceFile(import.meta.filename);

/** The section auth.generic_oauth of grafana.ini, without the secret of the client, which is in the environment. */
export function signInConfig(oidc: OidcSettings) {
  const { allowedDomains, autoLogin, caSecret } = oidc;
  const path = oidc.roleAttributePath ?? rolePath(oidc);
  return {
    enabled: true,
    name: oidc.name,
    client_id: oidc.clientId,
    auth_url: oidc.authUrl,
    token_url: oidc.tokenUrl,
    api_url: oidc.apiUrl,
    scopes: oidc.scopes.join(' '),
    use_pkce: oidc.pkce,
    ...(path !== '' && { role_attribute_path: path }),
    // Otherwise whoever has no role would have auto_assign_org_role.
    role_attribute_strict: !admitsAll(oidc),
    groups_attribute_path: claimPath(oidc.groupsClaim),
    ...(allowedDomains.length > 0 && { allowed_domains: allowedDomains.join(' ') }),
    ...(autoLogin && { auto_login: true }),
    ...(caSecret !== undefined && { tls_client_ca: secretFile(caSecret, caKey) }),
  };
}

/** Whether everyone whom the provider signs in is at least a Viewer. */
export function admitsAll({ roles }: Pick<OidcSettings, 'roles'>): boolean {
  return roles?.viewer === 'all';
}

/**
 * The role of a person as JMESPath: the highest whose groups have them. Nothing about all others: Grafana takes
 * the first role that it finds in the ID token, at apiUrl and in the access token, so that an ID token without
 * groups would make everyone a Viewer. Groups are compared as a whole and only
 * in a list: `contains` would also find `admins` in the text `no-admins`.
 */
export function rolePath({
  groupsClaim,
  roles,
}: Pick<OidcSettings, 'groupsClaim' | 'roles'>): string {
  const { admin = [], editor = [], viewer = [] } = roles ?? {};
  const claim = claimPath(groupsClaim);
  const isIn = (groups: readonly string[]) =>
    `${claim}[?${groups.map((group) => `@ == '${group}'`).join(' || ')}]`;
  const cases = [
    { role: 'Admin', groups: admin },
    { role: 'Editor', groups: editor },
    { role: 'Viewer', groups: viewer },
  ];
  return cases
    .flatMap(({ role, groups }) =>
      groups === 'all' || groups.length === 0 ? [] : `${isIn(groups)} && '${role}'`,
    )
    .join(' || ');
}

/** A claim as JMESPath, with quotes around what is no plain name; a URL is one name. */
function claimPath(claim: string): string {
  const names = /[:/]/.test(claim) ? [claim] : claim.split('.');
  return names.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name))).join('.');
}
