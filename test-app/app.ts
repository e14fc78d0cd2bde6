import Koa from 'koa';
import type { Logger } from 'winston';
import { answerProblems } from './http/problems.ts';
import {
  createRouter,
  type Handler,
  type RequestState,
  type Routes,
  requestScope,
} from './http/request.ts';
import { accessLog } from './telemetry/access-log.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface AppProps {
  readonly routes: readonly Routes[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Called at the start of every route. @default - nothing */
  readonly before?: Handler;
}

/** The Koa app of a role: middleware, routes and error handling. */
export function createApp({ routes, logger, metrics, before = () => {} }: AppProps) {
  const router = createRouter(routes, before);

  const app = new Koa<RequestState>();
  app.use(requestScope);
  app.use(accessLog(logger, metrics));
  app.use(answerProblems);
  // After the routes are added: the instrumentation wraps the existing ones.
  app.use(router.routes());
  app.use(router.allowedMethods());
  // Failures after the response has started, such as a broken connection.
  app.on('error', (err: Error) => logger.warn(`response not sent: ${err.message}`, { err }));
  return app;
}
