import { AsyncLocalStorage } from 'node:async_hooks';
import type { RouterContext } from '@koa/router';
import Router from '@koa/router';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { Next, ParameterizedContext } from 'koa';
import { attributes } from '../lib/telemetry.ts';

/** What a route learns about a request that its log lines shall carry. */
export interface RequestState {
  userId?: string;
  /** Why the request failed. */
  err?: Error;
}

export type Context = ParameterizedContext<RequestState>;
export type RouteContext = RouterContext<RequestState>;
export type AppRouter = Router<RequestState>;

/** Adds the routes of one concern; a role is a list of these. */
export type Routes = (router: AppRouter) => void;

export function createRouter(): AppRouter {
  return new Router<RequestState>();
}

const current = new AsyncLocalStorage<Context>();

/** Makes the request known to every line that is logged while it is served. */
export function requestScope(ctx: Context, next: Next): Promise<void> {
  return current.run(ctx, next);
}

/** The attributes of the request being served, none outside of one. */
export function requestAttributes(): Record<string, string> {
  const ctx = current.getStore();
  const route = routeOf(ctx);
  const userId = ctx?.state.userId;
  return {
    ...(route !== undefined && { [attributes.httpRoute]: route }),
    ...(userId !== undefined && { [attributes.userId]: userId }),
  };
}

/** The matched pattern, `/api/users/:id`: a bounded name where the path is not. */
function routeOf(ctx: Context | undefined): string | undefined {
  const route: unknown = ctx?._matchedRoute;
  return typeof route === 'string' ? route : undefined;
}

/** Puts the user on the span of the route and on the log lines from here on. */
export function identifyUser(ctx: RouteContext, userId: string): void {
  ctx.state.userId = userId;
  trace.getActiveSpan()?.setAttribute(attributes.userId, userId);
}

/** The trace this request belongs to, for people to look up; none when traces are switched off. */
export function traceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}
