import { sourceFile } from '../../model/source.ts';
import { mountDirectories } from '../../settings/common.ts';
import { caKey, type OidcSettings } from './settings.ts';

export const signInSource = sourceFile(import.meta.filename);

/** The section auth.generic_oauth of grafana.ini, without the secret of the client, which is in the environment. */
export function signInConfig(oidc: OidcSettings) {
  const { allowedDomains, autoLogin, caSecret } = oidc;
  return {
    enabled: true,
    name: oidc.name,
    client_id: oidc.clientId,
    auth_url: oidc.authUrl,
    token_url: oidc.tokenUrl,
    api_url: oidc.apiUrl,
    scopes: oidc.scopes.join(' '),
    use_pkce: oidc.pkce,
    role_attribute_path: oidc.roleAttributePath ?? rolePath(oidc),
    // Otherwise whoever has no role would be a Viewer.
    role_attribute_strict: true,
    groups_attribute_path: claimPath(oidc.groupsClaim),
    ...(allowedDomains.length > 0 && { allowed_domains: allowedDomains.join(' ') }),
    ...(autoLogin && { auto_login: true }),
    ...(caSecret !== undefined && {
      tls_client_ca: `${mountDirectories.secrets}/${caSecret}/${caKey}`,
    }),
  };
}

/**
 * The role of a person as JMESPath: the highest whose groups have them. Groups are compared as a whole and only
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
    .flatMap(({ role, groups }) => {
      if (groups === 'all') return `'${role}'`;
      return groups.length === 0 ? [] : `${isIn(groups)} && '${role}'`;
    })
    .join(' || ');
}

/** A claim as JMESPath; one that is no plain name, such as a URL, in quotes. */
function claimPath(claim: string): string {
  return /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(claim) ? claim : JSON.stringify(claim);
}
