import { exists, kubectl } from '../../ops/cluster/kubectl.ts';
import { loadSession } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { readDotEnv } from '../../ops/process/dot-env.ts';
import { retryUntil } from '../../ops/process/retry.ts';

readDotEnv();

/** The cluster under test: the local one, or the one that KUBE_CONTEXT names. */
export const session = loadSession();

/** Runs `work` with URLs of some endpoints, by port-forward. */
export const withUrls = withForwards.bind(undefined, session) as <
  Name extends Parameters<typeof withForwards>[1][number],
  T,
>(
  names: readonly Name[],
  work: (urls: Readonly<Record<Name, string>>) => Promise<T>,
) => Promise<T>;

/** Retries for two minutes, until telemetry has arrived. */
export function eventually<T>(what: string, probe: () => Promise<T>): Promise<T> {
  return retryUntil(what, probe, { timeoutSeconds: 120, intervalMs: 500 });
}

export const nowSeconds = () => Date.now() / 1000;

const customers = 'customers';

/** Stops the background load, if there is one, for tests that count what they send. */
export async function stopCustomers(): Promise<void> {
  const { target } = session;
  if (!(await exists(target, 'deployment', customers))) return;
  await kubectl(target, ['scale', '--replicas=0', `deployment/${customers}`]);
  const selector = `--selector=app.kubernetes.io/name=${customers}`;
  await kubectl(target, ['wait', '--for=delete', 'pod', selector, '--timeout=60s']);
}

export async function startCustomers(): Promise<void> {
  const { target } = session;
  if (!(await exists(target, 'deployment', customers))) return;
  await kubectl(target, ['scale', '--replicas=1', `deployment/${customers}`]);
}
