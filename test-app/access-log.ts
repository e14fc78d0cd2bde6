import type { Middleware } from 'koa';
import type { Logger } from 'winston';
import { attributes } from '../lib/telemetry.ts';
import type { LogLevel } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Problem } from './problems.ts';
import type { RequestState } from './request.ts';
import { healthPath } from './routes/health.ts';

/**
 * Writes one line for each request, with the error if it failed, and counts the requests in
 * flight. Probes are neither counted nor, at level info, logged.
 */
export function accessLog(logger: Logger, metrics: Metrics): Middleware<RequestState> {
  return async function logAccess(ctx, next) {
    if (ctx.path === healthPath) {
      await next();
      logger.debug(`${ctx.method} ${ctx.path} ${ctx.status}`);
      return;
    }
    const start = performance.now();
    metrics.requestStarted();
    try {
      await next();
    } finally {
      metrics.requestEnded();
    }
    const { err } = ctx.state;
    logger.log(levelOf(ctx.status), `${ctx.method} ${ctx.path} ${ctx.status}${reason(err)}`, {
      [attributes.httpRequestMethod]: ctx.method,
      [attributes.httpResponseStatusCode]: ctx.status,
      'url.path': ctx.path,
      duration_ms: Math.round((performance.now() - start) * 10) / 10,
      // The caller's mistakes need no stack trace of ours.
      ...(err && ctx.status >= 500 && { err }),
    });
  };
}

function reason(err: Error | undefined): string {
  const details = err instanceof Problem ? err.details : [];
  return err ? [`: ${err.message}`, ...details].join('; ') : '';
}

function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}
