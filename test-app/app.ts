import Koa from 'koa';
import type { Logger } from 'winston';
import { accessLog } from './access-log.ts';
import type { Metrics } from './metrics.ts';
import { answerProblems } from './problems.ts';
import {
  createRouter,
  type Handler,
  type RequestState,
  type Routes,
  requestScope,
} from './request.ts';

export interface AppProps {
  readonly routes: readonly Routes[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Done at the start of every route. @default - nothing */
  readonly before?: Handler;
}

/** Everything around the routes that is the same in every role. */
export function createApp({ routes, logger, metrics, before = () => {} }: AppProps) {
  const router = createRouter(routes, before);

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
