import { readAdminLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/endpoint-urls.ts';
import { authHeaders } from '../stores/grafana.ts';
import type { HttpApi } from '../stores/http.ts';
import type { StoreName } from '../stores/store.ts';
import { stores } from '../stores/stores.ts';
import type { ConsistencyCheck } from './files/backup-manifest.ts';

/** Runs the queries of a store; gives those with a result. */
export function recordChecks(session: Session, name: StoreName): Promise<ConsistencyCheck[]> {
  return withStore(session, name, async (api) => {
    const queries = await stores[name].listQueries(api, Date.now() / 1000);
    const counts = await stores[name].count(api, queries);
    return queries
      .map((query, index) => ({ ...query, count: counts[index] ?? 0 }))
      .filter(({ count }) => count > 0);
  });
}

/** Repeats the checks; gives a message for each with a lower result than before. */
export async function findMissing(
  session: Session,
  name: StoreName,
  checks: readonly ConsistencyCheck[],
): Promise<string[]> {
  const retentionHours = stores[name].retentionHours?.(session.settings);
  const oldest = Date.now() / 1000 - (retentionHours ?? Number.POSITIVE_INFINITY) * 3600;
  // Data beyond its retention is not expected.
  const retained = checks.filter(({ at }) => at > oldest);
  const counts = await withStore(session, name, (api) => stores[name].count(api, retained));
  return retained.flatMap(({ what, at, count }, index) => {
    const got = counts[index] ?? 0;
    const when = new Date(at * 1000).toISOString();
    return got >= count ? [] : [`${name}: ${what} as of ${when}: ${got} of ${count}`];
  });
}

/** Runs work with the API of a store; Grafana's takes a login. */
async function withStore<T>(
  session: Session,
  name: StoreName,
  work: (api: HttpApi) => Promise<T>,
): Promise<T> {
  const headers =
    name === 'grafana' ? authHeaders({ login: await readAdminLogin(session.target) }) : {};
  return withForwards(session, [name], (urls) => work({ url: urls[name], headers }));
}
