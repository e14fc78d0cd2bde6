import type { Middleware } from 'koa';
import type { Logger } from 'winston';
import { attributes } from '../../lib/telemetry/app.ts';
import { healthPath, isQuiet } from '../../lib/telemetry/app-paths.ts';
import { Problem } from '../http/problems.ts';
import { type Context, type RequestState, routeOf } from '../http/request.ts';
import type { LogLevel } from './logger.ts';
import type { Metrics } from './metrics.ts';

/**
 * Logs one line for each request, with its error, and records the request metrics. Probes, and what
 * the homepage loads by itself, are neither logged nor counted.
 */
export function accessLog(logger: Logger, metrics: Metrics): Middleware<RequestState> {
  let active = 0;
  metrics.gauge('requestsActive', (result) => result.observe(active));
  return async function logAccess(ctx, next) {
    if (isQuiet(ctx.path)) return next();
    const start = performance.now();
    active += 1;
    try {
      await next();
    } finally {
      active -= 1;
    }
    count(ctx, metrics);
    const { err } = ctx.state;
    const level = ctx.path === healthPath && ctx.status < 400 ? 'debug' : levelOf(ctx.status);
    logger.log(level, `${ctx.method} ${ctx.path} ${ctx.status}${reason(err)}`, {
      [attributes.httpRequestMethod]: ctx.method,
      [attributes.httpResponseStatusCode]: ctx.status,
      [attributes.urlPath]: ctx.path,
      duration_ms: Math.round((performance.now() - start) * 10) / 10,
      ...(ctx.status >= 400 && { [attributes.errorType]: errorType(ctx) }),
      // No stack trace for 4xx responses.
      ...(err && ctx.status >= 500 && { err }),
    });
  };
}

function count(ctx: Context, metrics: Metrics): void {
  const route = { [attributes.httpRoute]: routeOf(ctx) };
  const labels = {
    ...route,
    [attributes.httpRequestMethod]: methodOf(ctx),
    [attributes.httpResponseStatusCode]: ctx.status,
  };
  metrics.requests.add(1, labels);
  // Koa knows the length of every body that is no stream.
  metrics.responseSize.record(ctx.length ?? 0, labels);
  if (ctx.status >= 400) {
    metrics.errors.add(1, { ...route, [attributes.errorType]: errorType(ctx) });
  }
}

const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** As in the semantic conventions: an unknown method is `_OTHER`, to bound the cardinality. */
function methodOf(ctx: Context): string {
  return knownMethods.includes(ctx.method) ? ctx.method : '_OTHER';
}

/** The name of the error, or the status if there is no error, as for an unknown path. */
function errorType(ctx: Context): string {
  return ctx.state.err?.name ?? String(ctx.status);
}

function reason(err: Error | undefined): string {
  const details = err instanceof Problem ? err.details : [];
  return err ? [`: ${err.message}`, ...details].join('; ') : '';
}

function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}
