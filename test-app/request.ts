import { AsyncLocalStorage } from 'node:async_hooks';
import type { RouterContext } from '@koa/router';
import Router from '@koa/router';
import { context, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type { Next, ParameterizedContext } from 'koa';
import { attributes } from '../lib/telemetry/app.ts';

/** What a route learns about a request that its log lines shall carry. */
export interface RequestState {
  userId?: string;
  /** Why the request failed. */
  err?: Error;
}

export type Context = ParameterizedContext<RequestState>;
export type RouteContext = RouterContext<RequestState>;
export type Handler = (ctx: RouteContext) => void | Promise<void>;

/** What routes are added to. Paths are patterns: their text names spans and labels. */
export interface AppRouter {
  get(path: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
}

/** Adds the routes of one concern; a role is a list of these. */
export type Routes = (router: AppRouter) => void;

/**
 * The routes as one middleware.
 *
 * @param before done at the start of every route, within its span
 */
export function createRouter(routes: readonly Routes[], before: Handler) {
  const router = new Router<RequestState>();
  const prepared = (handler: Handler) => async (ctx: RouteContext) => {
    nameSpan(ctx);
    await before(ctx);
    await handler(ctx);
  };
  for (const add of routes) {
    add({
      get: (path, handler) => void router.get(path, prepared(handler)),
      post: (path, handler) => void router.post(path, prepared(handler)),
    });
  }
  return router;
}

/**
 * Gives the span of the request its route. Koa's instrumentation would do it too, for a span more in
 * each request that says nothing new, and a hook into the loading of modules.
 */
function nameSpan(ctx: RouteContext): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type === RPCType.HTTP) metadata.route = routeOf(ctx);
}

const current = new AsyncLocalStorage<Context>();

/** Who the customer says to be; a shop with logins would take it from the session. */
const userHeader = 'x-user-id';
const validUser = /^[\w-]{1,64}$/;

/**
 * Makes the request known to every line that is logged while it is served, and its user to every
 * service that is called: as baggage (https://www.w3.org/TR/baggage/).
 */
export function requestScope(ctx: Context, next: Next): Promise<void> {
  const fromHeader = ctx.get(userHeader);
  const userId = validUser.test(fromHeader) ? fromHeader : userFromBaggage();
  const serve = () => current.run(ctx, next);
  if (userId === undefined) return serve();
  ctx.state.userId = userId;
  trace.getActiveSpan()?.setAttribute(attributes.userId, userId);
  return context.with(withUser(userId), serve);
}

function userFromBaggage(): string | undefined {
  const value = propagation.getActiveBaggage()?.getEntry(attributes.userId)?.value;
  return value !== undefined && validUser.test(value) ? value : undefined;
}

function withUser(userId: string) {
  const baggage = propagation.getActiveBaggage() ?? propagation.createBaggage();
  const entry = { value: userId };
  return propagation.setBaggage(context.active(), baggage.setEntry(attributes.userId, entry));
}

/** The attributes of the request being served, none outside of one. */
export function requestAttributes(): Record<string, string> {
  const ctx = current.getStore();
  if (ctx === undefined) return {};
  return {
    [attributes.httpRoute]: routeOf(ctx),
    [attributes.userId]: ctx.state.userId ?? 'anonymous',
  };
}

/** The matched pattern, `/api/users/:id`: a bounded name where the path is not. */
export function routeOf(ctx: Context): string {
  const route: unknown = ctx._matchedRoute;
  return typeof route === 'string' ? route : 'unmatched';
}

/** Puts the user on the span of the request and on the log lines from here on. */
export function identifyUser(ctx: RouteContext, userId: string): void {
  ctx.state.userId = userId;
  trace.getActiveSpan()?.setAttribute(attributes.userId, userId);
}

/** Does work in the name of a user: the services that it calls learn who that is. */
export function asUser<T>(ctx: RouteContext, userId: string, work: () => Promise<T>): Promise<T> {
  if (!validUser.test(userId)) return work();
  identifyUser(ctx, userId);
  return context.with(withUser(userId), work);
}

/** Where a line belongs in its trace, as fields of the console; an OTLP record has its own place for it. */
export function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return {};
  const { traceId: id, spanId, traceFlags } = span;
  return { trace_id: id, span_id: spanId, trace_flags: `0${traceFlags.toString(16)}` };
}

/** The trace this request belongs to, for people to look up; none when traces are switched off. */
export function traceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}
