import type { NodePortName } from '../../lib/kubernetes/node-ports.ts';
import {
  type Endpoint,
  type EndpointName,
  enabledServices,
  endpoints,
} from '../../lib/model/topology.ts';
import { passwordCommand, readLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { isBusy } from '../local/host-ports.ts';
import { say, warn } from '../process/output.ts';
import { retryUntil } from '../process/retry.ts';
import { forwardTo, hostUrls } from './connections.ts';
import type { Forward } from './port-forward.ts';

/** What a person opens or sends to, in the order it is printed. */
const offered = [
  'grafana',
  'shop',
  'prometheus',
  'alertmanager',
  'loki',
  'tempo',
  'otlpGrpc',
  'otlpHttp',
] as const satisfies readonly EndpointName[];

type Offered = (typeof offered)[number];

/** Prints where Grafana is and how to log in, after connecting to it if no port is mapped. */
export async function openGrafana(session: Session): Promise<void> {
  await printLogin(session);
  await offer(session, ['grafana']);
}

/** Connects to every interface that a person or an app uses, until interrupted. */
export async function forwardAll(session: Session): Promise<void> {
  await printLogin(session);
  const present = enabledServices(session.settings);
  await offer(
    session,
    offered.filter((name) => present.includes(endpoints[name].component)),
  );
}

async function printLogin({ target }: Session): Promise<void> {
  const { user, password } = await readLogin(target);
  say(`Grafana's login: ${user} / ${password}`);
  say(`  again: ${passwordCommand(target)}\n`);
}

/** Keeps a connection to each of these open; what is mapped already needs none. */
async function offer(session: Session, names: readonly Offered[]): Promise<void> {
  const mapped: Partial<Record<Offered, string>> = await hostUrls(session);
  const kept: Promise<void>[] = [];
  for (const name of names) {
    const url = mapped[name];
    if (url !== undefined) {
      say(`${name.padEnd(14)} ${url} (mapped by kind)`);
      continue;
    }
    const localPort = await choosePort(session, name);
    const first = await forwardTo(session, name, localPort);
    say(`${name.padEnd(14)} ${first.url.replace('127.0.0.1', 'localhost')}`);
    kept.push(keepOpen(session, name, first));
  }
  if (kept.length > 0) say('\nCtrl-C closes the connections');
  await Promise.all(kept);
}

/** The port a person expects; another one where that is busy. */
async function choosePort({ settings }: Session, name: Offered): Promise<number | undefined> {
  const endpoint: Endpoint = endpoints[name];
  const hostPorts: Partial<Record<Offered, number>> = settings.kind.hostPorts;
  const wanted = hostPorts[name as NodePortName] || endpoint.port.number;
  if (!(await isBusy(wanted))) return wanted;
  warn(`port ${wanted} is in use, so ${name} gets another one`);
  return undefined;
}

/** kubectl ends a connection when its pod goes; the next pod gets a new one on the same port. */
async function keepOpen(session: Session, name: Offered, first: Forward): Promise<never> {
  let current = first;
  for (;;) {
    await current.closed;
    warn(`${name}: the connection was closed, connecting again`);
    current = await retryUntil(
      `a connection to ${name}`,
      () => forwardTo(session, name, first.port),
      {
        timeoutSeconds: 300,
      },
    );
  }
}
