/** The process: reads the environment, becomes its role, listens, and leaves when told to. */
import { createServer, type Server } from 'node:http';
import { metrics } from '@opentelemetry/api';
import { createApp } from './app.ts';
import { EnvironmentError, readChoice, readPort } from './environment.ts';
import { createLogger, logLevels } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { roleNames, routesOf } from './roles.ts';
import { shutDownOnSignal } from './shutdown.ts';
import { flushTelemetry } from './telemetry.ts';

function start(env: NodeJS.ProcessEnv): void {
  const role = readChoice(env, 'ROLE', roleNames, 'shop');
  const port = readPort(env, 'PORT', 5000);
  const logger = createLogger(readChoice(env, 'LOG_LEVEL', logLevels, 'info'));
  const appMetrics = createMetrics(metrics.getMeter('mantis.test-app'));
  const routes = routesOf(role, { env, logger, metrics: appMetrics });

  const server = createServer(createApp(routes, logger, appMetrics).callback());
  server.on('error', (error) => fail(`PORT ${port} cannot be used: ${error.message}`));
  server.listen(port, () => logger.info('listening', { role, port: portOf(server) }));
  shutDownOnSignal(server, logger, flushTelemetry);
}

/** The port in use, which is not the wanted one when that is 0. */
function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

try {
  start(process.env);
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  fail(error.message);
}
