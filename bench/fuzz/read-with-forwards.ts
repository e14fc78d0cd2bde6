import type { EndpointName } from '../../lib/model/topology.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { retryUntil } from '../../ops/process/retry.ts';

/** Reads from some endpoints; again if a forwarded port closes meanwhile, as kubectl's may do. */
export function readWithForwards<Name extends EndpointName, T>(
  session: Session,
  names: readonly Name[],
  read: (urls: Readonly<Record<Name, string>>) => Promise<T>,
): Promise<T> {
  const what = `an answer of ${names.join(', ')}`;
  return retryUntil(what, () => withForwards(session, names, read), { timeoutSeconds: 300 });
}
