import type { NodePortName } from '../../lib/kubernetes/node-ports.ts';
import { enabledServices } from '../../lib/model/parts.ts';
import { type Endpoint, type EndpointName, endpoints } from '../../lib/model/topology.ts';
import { passwordCommand, readAdminLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { isBusy } from '../local/host-ports.ts';
import { print, printWarning } from '../process/output.ts';
import { retryUntil } from '../process/retry.ts';
import { forwardTo, hostUrls } from './endpoint-urls.ts';
import type { Forward } from './port-forward.ts';

/** The endpoints for people and apps, in the order they are printed. */
const forwardedEndpoints = [
  'grafana',
  'shop',
  'prometheus',
  'alertmanager',
  'loki',
  'tempo',
  'otlpGrpc',
  'otlpHttp',
] as const satisfies readonly EndpointName[];

type ForwardedEndpoint = (typeof forwardedEndpoints)[number];

/** `make grafana`: prints the login and URL of Grafana, and forwards a port if none is mapped. */
export async function openGrafana(session: Session): Promise<void> {
  await printLogin(session);
  await keepForwarded(session, ['grafana']);
}

/** `./mantis port-forward`: forwards a port to every endpoint for people and apps, until interrupted. */
export async function forwardAll(session: Session): Promise<void> {
  await printLogin(session);
  const present = enabledServices(session.settings);
  await keepForwarded(
    session,
    forwardedEndpoints.filter((name) => present.includes(endpoints[name].service)),
  );
}

async function printLogin({ target }: Session): Promise<void> {
  const { user, password } = await readAdminLogin(target);
  print(`Grafana's login: ${user} / ${password}`);
  print(`  to print the password again: ${passwordCommand(target)}\n`);
}

/** Keeps a port forwarded to each endpoint, except those that kind maps. */
async function keepForwarded(session: Session, names: readonly ForwardedEndpoint[]): Promise<void> {
  const mapped: Partial<Record<ForwardedEndpoint, string>> = await hostUrls(session);
  const connections: Promise<void>[] = [];
  for (const name of names) {
    const url = mapped[name];
    if (url !== undefined) {
      print(`${name.padEnd(14)} ${pageFor(session, name, url)} (mapped by kind)`);
      continue;
    }
    const localPort = await choosePort(session, name);
    const first = await forwardTo(session, name, localPort);
    const local = first.url.replace('127.0.0.1', 'localhost');
    print(`${name.padEnd(14)} ${pageFor(session, name, local)}`);
    connections.push(keepOpen(session, name, first));
  }
  if (connections.length > 0) print('\nCtrl-C closes the connections');
  await Promise.all(connections);
}

/** Where this login is entered: of a Grafana that leads to an identity provider, which leads elsewhere. */
function pageFor({ settings: { grafana } }: Session, name: ForwardedEndpoint, url: string): string {
  return name === 'grafana' && grafana.oidc?.autoLogin ? `${url}/login?disableAutoLogin` : url;
}

/** The usual port of an endpoint; undefined, for any free port, if that is in use. */
async function choosePort(
  { settings }: Session,
  name: ForwardedEndpoint,
): Promise<number | undefined> {
  const { port }: Endpoint = endpoints[name];
  const hostPorts: Partial<Record<ForwardedEndpoint, number>> = settings.kind.hostPorts;
  const wanted = hostPorts[name as NodePortName] || port.number;
  if (!(await isBusy(wanted))) return wanted;
  printWarning(`port ${wanted} is in use, so ${name} gets another one`);
  return undefined;
}

/** kubectl closes a connection when its pod ends; a new one is opened on the same port. */
async function keepOpen(session: Session, name: ForwardedEndpoint, first: Forward): Promise<never> {
  const reconnect = () => forwardTo(session, name, first.port);
  let current = first;
  for (;;) {
    await current.closed;
    printWarning(`${name}: the connection was closed, reconnecting`);
    current = await retryUntil(`a connection to ${name}`, reconnect, { timeoutSeconds: 300 });
  }
}
