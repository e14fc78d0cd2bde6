import { externalStoreOf } from '../../lib/model/external-store.ts';
import { datasourceUids } from '../../lib/model/uids.ts';
import { readAdminLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { datasourceApi } from '../stores/grafana.ts';
import type { HttpApi } from '../stores/http.ts';
import type { SignalStore } from '../stores/store.ts';
import { withForwards } from './endpoint-urls.ts';

/**
 * Runs work with the APIs of stores: of an external one through Grafana, which has its credential, so
 * that none has to be on this machine.
 */
export async function withStores<Name extends SignalStore['name'], T>(
  session: Session,
  names: readonly Name[],
  work: (apis: Readonly<Record<Name, HttpApi>>) => Promise<T>,
): Promise<T> {
  const { settings, target } = session;
  const isExternal = (name: Name) => externalStoreOf(name, settings) !== undefined;
  const external = names.filter(isExternal);
  const own = names.filter((name) => !isExternal(name));
  const login = external.length === 0 ? undefined : await readAdminLogin(target);
  return withForwards(session, [...own, ...(login ? ['grafana' as const] : [])], (urls) => {
    const apis = names.map((name) => {
      const api =
        login !== undefined && isExternal(name)
          ? datasourceApi({ url: urls.grafana, login }, datasourceUids[name])
          : { url: urls[name] };
      return [name, api] as const;
    });
    return work(Object.fromEntries(apis) as unknown as Record<Name, HttpApi>);
  });
}
