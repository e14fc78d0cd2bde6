import Koa from 'koa';
import type { Logger } from 'winston';
import { accessLog } from './access-log.ts';
import type { Metrics } from './metrics.ts';
import { answerProblems } from './problems.ts';
import { createRouter, type RequestState, type Routes, requestScope } from './request.ts';

/** Everything around the routes that is the same in every role. */
export function createApp(routes: readonly Routes[], logger: Logger, metrics: Metrics) {
  const router = createRouter();
  for (const add of routes) add(router);

  const app = new Koa<RequestState>();
  app.use(requestScope);
  app.use(accessLog(logger, metrics));
  app.use(answerProblems);
  // After the routes are added: the instrumentation wraps those that are there at this moment.
  app.use(router.routes());
  app.use(router.allowedMethods());
  // What fails after the answer has begun, such as a connection that breaks.
  app.on('error', (err: Error) => logger.warn(`answer not sent: ${err.message}`, { err }));
  return app;
}
