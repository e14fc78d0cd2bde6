import { messageOf } from '../../process/errors.ts';
import { fetchText } from '../../stores/http.ts';
import { signalStores } from '../../stores/stores.ts';
import { isExternal, type StackAccess, storeApi } from '../model/access.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';

/** A query that every store of the kind answers. */
const paths = { loki: '/loki/api/v1/labels', tempo: '/api/search?limit=1' } as const;

type ExternalName = keyof typeof paths;

/** Whether Grafana can query each external store with its credential. */
export function checkExternalStores(access: StackAccess): Promise<Finding[]> {
  const names = Object.values(signalStores).flatMap(({ name }) =>
    isExternal(access, name) ? [name] : [],
  );
  const checks = names.map((name) => {
    const { url } = access.externalStores[name] ?? {};
    const subject = {
      area: 'endpoint' as const,
      hop: `${name} (external)`,
      suspects: ['grafana'] as const,
      cause: `Grafana does not reach ${url}: it does not answer, or a NetworkPolicy blocks it (${name}.external.egress)`,
    };
    return runCheck(subject, async (): Promise<CheckResult> => {
      const start = Date.now();
      const failure = await queryExternalStore(access, name);
      return failure ?? `${url} answered in ${Date.now() - start} ms`;
    });
  });
  return Promise.all(checks);
}

/**
 * Queries an external store through Grafana: the only way, without its credential. Undefined if it
 * answers.
 */
export async function queryExternalStore(
  access: StackAccess,
  name: ExternalName,
): Promise<Exclude<CheckResult, string> | undefined> {
  try {
    await fetchText(storeApi(access, name), paths[name]);
    return undefined;
  } catch (error) {
    const seen = messageOf(error);
    const cause = refusedCredential(access, name, seen);
    return { status: 'failed', seen, ...(cause && { cause, certain: true }) };
  }
}

/** Grafana answers 400 in the place of the 401 of a store. */
function refusedCredential(
  { externalStores }: StackAccess,
  name: ExternalName,
  seen: string,
): string | undefined {
  const [status] = /\b40[13]\b|Authentication to data source failed/.exec(seen) ?? [];
  // The latter is Grafana's own answer to its login.
  if (status === undefined || seen.includes('Invalid username or password')) return undefined;
  const { url, secret } = externalStores[name] ?? {};
  const login = secret === undefined ? 'no credential' : `the credential of Secret ${secret}`;
  const code = status.startsWith('4') ? status : '401';
  return `${name} at ${url} answers ${code} to ${login} (${name}.external.credentials); the collector loses what it sends meanwhile`;
}
