/** The process: reads the environment, starts its role, and shuts down on a signal. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics as api } from '@opentelemetry/api';
import { createApp } from './app.ts';
import { type Environment, EnvironmentError } from './config/environment.ts';
import { type RoleName, readerOf } from './config/variables.ts';
import { adminApp } from './faults/admin.ts';
import { Faults } from './faults/faults.ts';
import { injectFaults } from './faults/inject.ts';
import { limitConnectionAge } from './http/connection-age.ts';
import { createRole, type RoleProps } from './roles.ts';
import { exitOnCrash, shutDownOnSignal } from './shutdown.ts';
import { createRandom } from './simulation/random.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';

/** Each role after those that it calls. */
const startOrder: readonly RoleName[] = ['payments', 'orders', 'inventory', 'shop'];

const connectionAgeMs = 30_000;

async function start(env: Environment): Promise<void> {
  const read = readerOf(env);
  const requestedRole = read('ROLE');
  const logger = createLogger(read('LOG_LEVEL'));
  exitOnCrash(logger);
  const metrics = createMetrics(api.getMeter('mantis.test-app'));
  const random = createRandom(read('SEED'), read('DELAY_FACTOR'));
  const faults = new Faults(logger, metrics);
  const stopping = new AbortController();
  const servers: Server[] = [];
  const stops: (() => Promise<void>)[] = [];
  const urls: Record<string, string> = {};

  for (const name of requestedRole === 'all' ? startOrder : [requestedRole]) {
    const props: RoleProps = {
      read: readerOf({ ...urls, ...env }),
      logger,
      metrics,
      faults,
      random,
      stopping: stopping.signal,
    };
    const role = await createRole(name, props);
    if (role.stop) stops.push(role.stop);
    const before = injectFaults(faults, random);
    const app = createApp({ routes: role.routes, logger, metrics, before });
    const server = createServer(app.callback());
    limitConnectionAge(server, connectionAgeMs);
    const port = await listen(server, 'PORT', portFor(name, requestedRole, read('PORT')));
    servers.push(server);
    urls[`${name.toUpperCase()}_URL`] = `http://127.0.0.1:${port}`;
    logger.info('listening', { role: name, port });
  }
  observeConnections(servers, metrics);
  const admin = createServer(adminApp(faults).callback());
  await listen(admin, 'ADMIN_PORT', read('ADMIN_PORT'), '127.0.0.1');

  const stopWork = async () => {
    admin.close();
    for (const stop of stops) await stop();
  };
  const drainSeconds = read('DRAIN_SECONDS');
  shutDownOnSignal({ servers, logger, stopping, drainSeconds, stopWork });
}

/** With all roles in one process the shop has the given port, and the others the next ones. */
function portFor(name: RoleName, requestedRole: RoleName | 'all', port: number): number {
  if (requestedRole !== 'all' || port === 0) return port;
  return port + [...startOrder].reverse().indexOf(name);
}

/** @returns the actual port, which differs if the given one is 0 */
async function listen(
  server: Server,
  variable: string,
  port: number,
  address?: string,
): Promise<number> {
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    throw new EnvironmentError(variable, String(port), `a free port (${(error as Error).message})`);
  }
  return (server.address() as AddressInfo).port;
}

function observeConnections(
  servers: readonly Server[],
  metrics: ReturnType<typeof createMetrics>,
): void {
  let open = 0;
  for (const server of servers) {
    server.on('connection', (socket) => {
      open += 1;
      socket.once('close', () => {
        open -= 1;
      });
    });
  }
  metrics.gauge('connectionsActive', (gauge) => gauge.observe(open));
}

start(process.env).catch((error) => {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exit(1);
});
